package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.promql.Printer;
import io.trayb.monitoring.render.GrafanaModel.Choice;
import io.trayb.monitoring.render.GrafanaModel.Custom;
import io.trayb.monitoring.render.GrafanaModel.Defaults;
import io.trayb.monitoring.render.GrafanaModel.FieldConfig;
import io.trayb.monitoring.render.GrafanaModel.GridPos;
import io.trayb.monitoring.render.GrafanaModel.Source;
import io.trayb.monitoring.render.GrafanaModel.Step;
import io.trayb.monitoring.render.GrafanaModel.Target;
import io.trayb.monitoring.render.GrafanaModel.ThresholdSteps;
import io.trayb.monitoring.render.GrafanaModel.ThresholdsStyle;
import io.trayb.monitoring.render.GrafanaModel.Variable;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Dashboards, for Grafana. */
final class DashboardFiles implements Renderer {
    static final String FOLDER = "grafana/dashboards/";

    private static final int COLUMNS = 24;
    /** Grafana 10 wrote this; newer ones migrate it on load. */
    private static final int SCHEMA_VERSION = 39;

    private static final int ON_TIME_RANGE_CHANGE = 2;
    private static final Source PROMETHEUS = new Source("prometheus", "${datasource}");

    @Override
    public Map<String, String> render(Catalog catalog) {
        Map<String, String> files = new TreeMap<>();
        for (Dashboard dashboard : catalog.dashboards()) {
            files.put(FOLDER + dashboard.uid() + ".json", Json.document(dashboard(dashboard, catalog.thresholds())));
        }
        return files;
    }

    private static GrafanaModel.Dashboard dashboard(Dashboard dashboard, Thresholds thresholds) {
        return new GrafanaModel.Dashboard(
                Header.TEXT,
                dashboard.uid(),
                dashboard.title(),
                dashboard.description(),
                List.of("trayb", "rules:" + Catalog.FINGERPRINT),
                false,
                SCHEMA_VERSION,
                "30s",
                new GrafanaModel.TimeRange("now-1h", "now"),
                new GrafanaModel.Templating(variables()),
                panels(dashboard.panels(), thresholds));
    }

    private static List<Variable> variables() {
        String up = Scrape.UP.name();
        return List.of(
                new Variable(
                        "datasource", "Data source", "datasource", "prometheus", null, null, null, null, null, null),
                labelValues("job", "label_values(" + up + ", job)", new Choice(Scrape.JOB, Scrape.JOB)),
                labelValues(
                        "instance", "label_values(" + up + "{job=~\"$job\"}, instance)", new Choice("All", "$__all")));
    }

    private static Variable labelValues(String label, String query, Choice current) {
        return new Variable(label, label, "query", query, PROMETHEUS, true, false, ".+", current, ON_TIME_RANGE_CHANGE);
    }

    /** Panels flow from left to right, and into the next row when one is full. */
    private static List<GrafanaModel.Panel> panels(List<Panel> panels, Thresholds thresholds) {
        List<GrafanaModel.Panel> placed = new ArrayList<>();
        int x = 0;
        int y = 0;
        int rowHeight = 0;
        for (Panel panel : panels) {
            if (x + panel.kind().width() > COLUMNS) {
                x = 0;
                y += rowHeight;
                rowHeight = 0;
            }
            GridPos position = new GridPos(panel.kind().height(), panel.kind().width(), x, y);
            placed.add(panel(placed.size() + 1, panel, position, thresholds));
            x += panel.kind().width();
            rowHeight = Math.max(rowHeight, panel.kind().height());
        }
        return placed;
    }

    private static GrafanaModel.Panel panel(int id, Panel panel, GridPos position, Thresholds thresholds) {
        return new GrafanaModel.Panel(
                id,
                panel.kind().grafana(),
                panel.title(),
                panel.description(),
                PROMETHEUS,
                position,
                new FieldConfig(defaults(panel, thresholds), List.of()),
                targets(panel, Printer.forDashboards(thresholds)));
    }

    private static Defaults defaults(Panel panel, Thresholds thresholds) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step("green", null));
        Threshold line = panel.line();
        if (line != null) {
            steps.add(new Step("red", thresholds.value(line)));
        }
        Custom custom = panel.kind() == Panel.Kind.TIMESERIES
                ? new Custom(new ThresholdsStyle(line == null ? "off" : "line"))
                : null;
        return new Defaults(panel.unit().grafana(), custom, new ThresholdSteps("absolute", steps));
    }

    private static List<Target> targets(Panel panel, Printer printer) {
        List<Target> targets = new ArrayList<>();
        panel.queries()
                .forEach(query -> targets.add(new Target(
                        String.valueOf((char) ('A' + targets.size())),
                        printer.print(query.expression()),
                        query.legend(),
                        PROMETHEUS)));
        return targets;
    }
}
