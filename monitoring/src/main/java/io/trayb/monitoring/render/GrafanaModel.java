package io.trayb.monitoring.render;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of Grafana's dashboard JSON that Trayb's dashboards use, named as Grafana names it. */
final class GrafanaModel {
    private GrafanaModel() {}

    record Dashboard(
            @JsonProperty("_generated") String generated,
            String uid,
            String title,
            String description,
            List<String> tags,
            boolean editable,
            int schemaVersion,
            String refresh,
            TimeRange time,
            Templating templating,
            List<Panel> panels) {}

    record TimeRange(String from, String to) {}

    record Templating(List<Variable> list) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Variable(
            String name,
            String label,
            String type,
            String query,
            @Nullable Source datasource,
            @Nullable Boolean includeAll,
            @Nullable Boolean multi,
            @Nullable String allValue,
            @Nullable Choice current,
            @Nullable Integer refresh) {}

    record Choice(String text, String value) {}

    record Source(String type, String uid) {}

    record Panel(
            int id,
            String type,
            String title,
            String description,
            Source datasource,
            GridPos gridPos,
            FieldConfig fieldConfig,
            List<Target> targets) {}

    record GridPos(int h, int w, int x, int y) {}

    record FieldConfig(Defaults defaults, List<String> overrides) {}

    /** Only lines over time have settings of their own. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Defaults(String unit, @Nullable Custom custom, ThresholdSteps thresholds) {}

    record Custom(ThresholdsStyle thresholdsStyle) {}

    record ThresholdsStyle(String mode) {}

    record ThresholdSteps(String mode, List<Step> steps) {}

    /** The value from where the colour holds is null for the first. */
    record Step(String color, @Nullable Double value) {}

    record Target(String refId, String expr, String legendFormat, Source datasource) {}
}
