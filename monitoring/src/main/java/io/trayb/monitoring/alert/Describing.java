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
 * {@code window} (what the threshold looks back over or how long it lasts), {@code labels.NAME}, and {@code target} (what Prometheus
 * scrapes: the instance, and of a cluster of processes, which are scraped together, the process before it).
 */
public final class Describing {
    private static final String INSTANCE = "instance";
    private static final String PROCESS = "process";

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
        String target = "{{ with $labels." + PROCESS + " }}{{ . }} of {{ end }}{{ $labels." + INSTANCE + " }}";
        return fill(alert.description(), "{{ printf \"" + alert.unit().format() + "\" $value }}", labels, target);
    }

    /** As a reader gets it, when the alert fires with this value and these labels. */
    public String whenFiring(double value, Map<String, String> labels) {
        String process = labels.get(PROCESS);
        String target = (process == null ? "" : process + " of ") + labels.getOrDefault(INSTANCE, "");
        return fill(alert.description(), alert.unit().formatted(value), labels, target);
    }

    /** What the condition compares with, in words; empty when the threshold says it all. */
    public Optional<String> limit() {
        return Optional.ofNullable(alert.limit()).map(words -> fill(words, "", Map.of(), ""));
    }

    private String fill(String template, String value, Object labels, String target) {
        Map<String, Object> context = new TreeMap<>();
        context.put(
                "value",
                alert.unit().symbol().isEmpty()
                        ? value
                        : value + " " + alert.unit().symbol());
        context.put("labels", labels);
        context.put("target", target);
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
