package io.trayb.monitoring.alert;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import io.trayb.monitoring.promql.PromDuration;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Fills in an alert's description. In double braces can stand {@code value}, {@code threshold} (with its unit),
 * {@code window} (what the threshold looks back over or how long it lasts) and {@code labels.NAME}.
 */
public final class Describing {
    private final Alert alert;
    private final Thresholds thresholds;

    public Describing(Alert alert, Thresholds thresholds) {
        this.alert = alert;
        this.thresholds = thresholds;
    }

    /**
     * As Prometheus gets it: its own template fills in the value and the labels.
     *
     * @throws IllegalArgumentException when the description names what there isn't
     */
    public String forPrometheus() {
        Mustache.CustomContext labels = name -> "{{ $labels." + name + " }}";
        return fill("{{ printf \"" + alert.unit().format() + "\" $value }}", labels);
    }

    /** As a reader gets it, when the alert fires with this value and these labels. */
    public String whenFiring(double value, Map<String, String> labels) {
        return fill(alert.unit().formatted(value), labels);
    }

    /** What the condition compares with, in words; empty when the threshold says it all. */
    public Optional<String> limit() {
        return Optional.ofNullable(alert.limit()).map(words -> fill(words, "", Map.of()));
    }

    private String fill(String value, Object labels) {
        return fill(alert.description(), value, labels);
    }

    private String fill(String template, String value, Object labels) {
        Map<String, Object> context = new TreeMap<>();
        context.put(
                "value",
                alert.unit().symbol().isEmpty()
                        ? value
                        : value + " " + alert.unit().symbol());
        context.put("labels", labels);
        Threshold threshold = alert.threshold();
        if (threshold != null) {
            context.put("threshold", thresholds.exact(threshold));
            if (threshold.timing() instanceof Timing.Window window) {
                context.put("window", PromDuration.of(window.length()));
            }
        }
        alert.hold(thresholds).ifPresent(hold -> context.put("window", PromDuration.of(hold)));
        try {
            return Mustache.compiler().escapeHTML(false).compile(template).execute(context);
        } catch (MustacheException e) {
            throw new IllegalArgumentException("description of alert '" + alert.name() + "': " + e.getMessage(), e);
        }
    }
}
