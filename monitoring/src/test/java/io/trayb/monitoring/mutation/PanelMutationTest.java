package io.trayb.monitoring.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.dashboard.Query;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.ExpressionMutator;
import io.trayb.monitoring.promql.Printer;
import io.trayb.monitoring.promql.PromQl;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.render.RenderedDashboards;
import io.trayb.monitoring.threshold.Threshold;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes each panel in every way that a declaration can be changed; each time its dashboard must differ, and no other. */
class PanelMutationTest {
    private static final Catalog CATALOG = TraybCatalog.withDefaults();
    private static final Map<String, String> AS_DECLARED = RenderedDashboards.of(CATALOG);
    private static final Printer PRINTER = Printer.forDashboards(CATALOG.thresholds());

    @Test
    void every_change_of_a_panel_makes_its_dashboard_differ_and_no_other() {
        int count = 0;
        for (Dashboard dashboard : CATALOG.dashboards()) {
            for (int i = 0; i < dashboard.panels().size(); i++) {
                for (Map.Entry<String, Panel> change :
                        changesOf(dashboard.panels().get(i)).entrySet()) {
                    List<Panel> panels = new ArrayList<>(dashboard.panels());
                    panels.set(i, change.getValue());
                    String name =
                            dashboard.uid() + ", " + dashboard.panels().get(i).title() + ": " + change.getKey();
                    System.out.println("mutant of panels: " + name);
                    requireNoticed(name, dashboard, panels);
                    count++;
                }
            }
            for (int i = 0; i < dashboard.panels().size(); i++) {
                List<Panel> fewer = new ArrayList<>(dashboard.panels());
                fewer.remove(i);
                requireNoticed(
                        dashboard.uid() + ", " + dashboard.panels().get(i).title() + ": left out", dashboard, fewer);
                count++;
            }
            List<Panel> turned = new ArrayList<>(dashboard.panels());
            Collections.reverse(turned);
            requireNoticed(dashboard.uid() + ": panels in another order", dashboard, turned);
            count++;
        }
        assertThat(count).isGreaterThan(400);
        System.out.println(count + " mutants of panels tried, 0 not noticed");
    }

    private static Map<String, Panel> changesOf(Panel panel) {
        Map<String, Panel> changes = new LinkedHashMap<>();
        Unit unit = panel.unit() == Unit.BYTES ? Unit.SECONDS : Unit.BYTES;
        changes.put("another title", like(panel, "Other", panel.unit(), panel.description(), panel.line()));
        changes.put("another unit", like(panel, panel.title(), unit, panel.description(), panel.line()));
        changes.put("another description", like(panel, panel.title(), panel.unit(), "Other.", panel.line()));
        Panel.Kind kind = panel.kind() == Panel.Kind.STAT ? Panel.Kind.TIMESERIES : Panel.Kind.STAT;
        changes.put(
                "another kind",
                new Panel(panel.title(), kind, panel.unit(), panel.description(), panel.queries(), panel.line()));
        changes.put("a query more", panel.with("other", PromQl.constant(1)));
        // One of another number: a line that is drawn in the same place is the same line.
        CATALOG.thresholds().all().stream()
                .filter(line ->
                        panel.line() == null || line.value() != panel.line().value())
                .findFirst()
                .ifPresent(line -> changes.put(
                        "the line of " + line.name(),
                        like(panel, panel.title(), panel.unit(), panel.description(), line)));
        if (panel.line() != null) {
            changes.put("no line", like(panel, panel.title(), panel.unit(), panel.description(), null));
        }
        for (int i = 0; i < panel.queries().size(); i++) {
            Query query = panel.queries().get(i);
            changes.put(
                    "another legend for " + query.legend(),
                    with(panel, i, new Query(query.legend() + "s", query.expression())));
            List<Vector> expressions = ExpressionMutator.mutants(query.expression());
            for (Vector expression : expressions) {
                changes.put(
                        query.legend() + " as " + PRINTER.print(expression),
                        with(panel, i, new Query(query.legend(), expression)));
            }
            List<Query> fewer = new ArrayList<>(panel.queries());
            fewer.remove(i);
            if (!fewer.isEmpty()) {
                changes.put(
                        "without " + query.legend(),
                        new Panel(panel.title(), panel.kind(), panel.unit(), panel.description(), fewer, panel.line()));
            }
        }
        return changes;
    }

    private static Panel like(Panel panel, String title, Unit unit, String description, @Nullable Threshold line) {
        return new Panel(title, panel.kind(), unit, description, panel.queries(), line);
    }

    private static Panel with(Panel panel, int index, Query query) {
        List<Query> queries = new ArrayList<>(panel.queries());
        queries.set(index, query);
        return new Panel(panel.title(), panel.kind(), panel.unit(), panel.description(), queries, panel.line());
    }

    /** Refused before anything is generated, or seen in the one dashboard that it is about. */
    private static void requireNoticed(String name, Dashboard dashboard, List<Panel> panels) {
        Dashboard changed = new Dashboard(dashboard.uid(), dashboard.title(), dashboard.description(), panels);
        List<Dashboard> dashboards = new ArrayList<>(CATALOG.dashboards());
        dashboards.replaceAll(one -> one.uid().equals(dashboard.uid()) ? changed : one);
        Map<String, String> rendered;
        try {
            rendered = RenderedDashboards.of(new Catalog(
                    CATALOG.metrics(),
                    CATALOG.thresholds(),
                    CATALOG.recordings(),
                    CATALOG.alerts(),
                    CATALOG.inhibitions(),
                    dashboards));
        } catch (IllegalArgumentException e) {
            assertThat(e).as(name).hasMessageContaining(dashboard.uid());
            return;
        }
        Set<String> differing = new TreeSet<>();
        rendered.forEach((path, json) -> {
            if (!json.equals(AS_DECLARED.get(path))) {
                differing.add(path);
            }
        });
        assertThat(differing).as(name).containsExactly("grafana/dashboards/" + dashboard.uid() + ".json");
    }
}
