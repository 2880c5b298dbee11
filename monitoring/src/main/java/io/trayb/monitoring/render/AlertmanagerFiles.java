package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Cadence;
import io.trayb.monitoring.alert.Inhibition;
import io.trayb.monitoring.alert.Receivers;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.promql.PromDuration;
import io.trayb.monitoring.setup.OfficeHours;
import java.time.Duration;
import java.util.ArrayList;
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
        context.put("usual", Rhythm.of(Cadence.USUAL));
        context.put("watchdogRhythm", Rhythm.of(Cadence.WATCHDOG));
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
        List<Route> routes = new ArrayList<>();
        catalog.alerts().forEach(alert -> routes.add(Route.of(alert, catalog)));
        for (Team team : Team.values()) {
            routes.add(Route.toNobody(team.label(), Severity.INFO));
        }
        routes.add(Route.toNobody("nobody", Severity.CRITICAL));
        return ROUTES_TEMPLATE.fill(Map.of("header", Header.TEXT, "routes", routes));
    }

    private static String duration(Duration duration) {
        return duration.isZero() ? "0s" : PromDuration.of(duration);
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

    private record Rhythm(String first, String more, String again) {
        static Rhythm of(Cadence cadence) {
            return new Rhythm(duration(cadence.first()), duration(cadence.more()), duration(cadence.again()));
        }
    }

    private record Route(
            String alert,
            String severity,
            String owner,
            String receiver,
            String hours,
            Rhythm rhythm,
            String silencedBy) {
        private static final String ANY_OTHER = "AnyOther";
        private static final String ALWAYS = "always";

        static Route of(Alert alert, Catalog catalog) {
            return new Route(
                    alert.name(),
                    alert.severity().label(),
                    alert.owner().label(),
                    Receivers.of(alert),
                    alert.severity() == Severity.WARNING
                            ? inWords(catalog.alerting().officeHours())
                            : ALWAYS,
                    Rhythm.of(alert.alwaysFires() ? Cadence.WATCHDOG : Cadence.USUAL),
                    catalog.inhibitions().stream()
                            .filter(inhibition -> inhibition.silenced().contains(alert))
                            .map(inhibition -> inhibition.cause().name())
                            .collect(Collectors.joining(", ")));
        }

        static Route toNobody(String owner, Severity severity) {
            return new Route(
                    ANY_OTHER, severity.label(), owner, Receivers.NOWHERE, ALWAYS, Rhythm.of(Cadence.USUAL), "");
        }

        private static String inWords(OfficeHours hours) {
            return hours.weekdays() + " " + hours.from() + "-" + hours.to() + " " + hours.timeZone();
        }
    }
}
