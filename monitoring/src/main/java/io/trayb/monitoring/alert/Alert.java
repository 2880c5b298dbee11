package io.trayb.monitoring.alert;

import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An alert, whole: when it fires, whom it tells, what they read, and the proof that it does. Immutable; made by
 * {@link #alert(String)}.
 *
 * @param name the alert's name; its runbook is called the same
 * @param condition fires for each sample that this yields
 * @param unit of the condition's value
 * @param threshold what the condition compares with, or null when there is nothing to set
 * @param limit in words what the condition compares with where there is more to say than the threshold, as a template like the
 *     description; or null
 * @param lasting how long the condition must hold where that is a threshold of its own, or null
 * @param summary one sentence, without numbers
 * @param description what is the matter, as a template: see {@link Describing}
 */
public record Alert(
        String name,
        Area area,
        Vector condition,
        Unit unit,
        @Nullable Threshold threshold,
        @Nullable String limit,
        @Nullable Threshold lasting,
        Severity severity,
        Team owner,
        String summary,
        String description,
        Proof proof) {

    /** Begins an alert; the steps that follow are all asked for, in this order. */
    public static AlertBuilder alert(String name) {
        return new AlertBuilder(name);
    }

    /** How long the condition must hold before the alert fires ({@code for}); empty when it fires at once. */
    public Optional<Duration> hold(Thresholds thresholds) {
        if (lasting != null) {
            return Optional.of(Duration.ofSeconds(Math.round(thresholds.value(lasting))));
        }
        return threshold != null && threshold.timing() instanceof Timing.Lasting lastingTime
                ? Optional.of(lastingTime.length())
                : Optional.empty();
    }

    /** Whether it asks for no series at all: a watchdog, which proves the path to the pager by always firing. */
    public boolean alwaysFires() {
        return condition.everything().allMatch(Vector.Constant.class::isInstance);
    }

    /** The path of its runbook in the repository. */
    public String runbook() {
        return "docs/runbooks/" + name + ".md";
    }
}
