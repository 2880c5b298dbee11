package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Inhibition;
import io.trayb.monitoring.alert.Receivers;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Team;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Whom alerts are told, for Alertmanager: routes, inhibitions, texts, and what each alert's route must come to. */
final class AlertmanagerFiles implements Renderer {
    static final String CONFIG = "alertmanager/alertmanager.yml";
    static final String TEXTS = "alertmanager/templates/trayb.tmpl";
    static final String ROUTES_TEST = "alertmanager/routes.test.yml";

    private static final String OFFICE_HOURS = "office-hours";

    private static final Template CONFIG_TEMPLATE = Template.named("alertmanager.yml.mustache");
    private static final Template TEXTS_TEMPLATE = Template.named("trayb.tmpl.mustache");
    private static final Template ROUTES_TEMPLATE = Template.named("routes.test.yml.mustache");

    @Override
    public Map<String, String> render(Catalog catalog) {
        return Map.of(
                CONFIG, config(catalog),
                TEXTS, TEXTS_TEMPLATE.fill(Map.of("header", Header.TEXT)),
                ROUTES_TEST, routesTest(catalog));
    }

    private static String config(Catalog catalog) {
        List<Owner> owners = Arrays.stream(Team.values()).map(Owner::of).toList();
        List<String> watchdogs = catalog.alerts().stream()
                .filter(Alert::alwaysFires)
                .map(Alert::name)
                .toList();
        List<Inhibit> inhibitions =
                catalog.inhibitions().stream().map(Inhibit::of).toList();
        Map<String, Object> context = new HashMap<>(Map.of(
                "header",
                Header.TEXT,
                "nowhere",
                Receivers.NOWHERE,
                "watchdog",
                Receivers.WATCHDOG,
                "watchdogs",
                String.join("|", watchdogs),
                "info",
                Severity.INFO.label(),
                "critical",
                Severity.CRITICAL.label(),
                "owners",
                owners,
                "inhibitions",
                inhibitions));
        context.put("hoursName", OFFICE_HOURS);
        context.put("hours", catalog.alerting().officeHours());
        context.put(
                "receivers",
                Receivers.thatTell().stream()
                        .map(receiver -> ReceiverText.of(receiver, catalog.alerting()))
                        .toList());
        return CONFIG_TEMPLATE.fill(context);
    }

    private static String routesTest(Catalog catalog) {
        List<Route> routes = catalog.alerts().stream().map(Route::of).toList();
        return ROUTES_TEMPLATE.fill(Map.of("header", Header.TEXT, "routes", routes));
    }

    private record Owner(String owner, String duty, String page, String ticket) {
        static Owner of(Team team) {
            return new Owner(
                    team.label(),
                    team.duty(),
                    Receivers.of(team, Severity.CRITICAL),
                    Receivers.of(team, Severity.WARNING));
        }
    }

    private record Inhibit(String cause, String silenced, String reason) {
        static Inhibit of(Inhibition inhibition) {
            return new Inhibit(
                    inhibition.cause().name(),
                    inhibition.silenced().stream().map(Alert::name).collect(Collectors.joining("|")),
                    inhibition.reason());
        }
    }

    private record Route(String alert, String severity, String owner, String receiver) {
        static Route of(Alert alert) {
            return new Route(
                    alert.name(), alert.severity().label(), alert.owner().label(), Receivers.of(alert));
        }
    }
}
