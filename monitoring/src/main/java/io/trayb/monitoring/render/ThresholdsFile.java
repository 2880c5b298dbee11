package io.trayb.monitoring.render;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.promql.PromDuration;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The thresholds in force, for programs. */
final class ThresholdsFile implements Renderer {
    static final String PATH = "monitoring/thresholds.json";

    @Override
    public Map<String, String> render(Catalog catalog) {
        Thresholds thresholds = catalog.thresholds();
        List<Entry> entries = thresholds.all().stream()
                .map(threshold -> entry(threshold, thresholds))
                .toList();
        return Map.of(PATH, Json.document(new Document(Header.TEXT, Catalog.FINGERPRINT, entries)));
    }

    private static Entry entry(Threshold threshold, Thresholds thresholds) {
        Timing timing = threshold.timing();
        return new Entry(
                threshold.name(),
                thresholds.value(threshold),
                threshold.unit().symbol(),
                timing instanceof Timing.Window window ? PromDuration.of(window.length()) : null,
                timing instanceof Timing.Lasting lasting ? PromDuration.of(lasting.length()) : null,
                threshold.reason(),
                threshold.source());
    }

    private record Document(@JsonProperty("_generated") String generated, String fingerprint, List<Entry> thresholds) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Entry(
            String name,
            double value,
            String unit,
            @Nullable String window,
            @Nullable String lasting,
            String reason,
            String source) {}
}
