package io.trayb.monitoring.threshold;

import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Unit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number that an alert compares with, or that the running service acts on by itself. Immutable.
 *
 * @param name the key under {@code thresholds:} in {@code config.yml}, in camel case
 * @param value the default, above 0
 * @param boundOf the histogram of which the value must be a bucket's bound, or null when it isn't about a quantile
 * @param use what compares with it
 * @param reason why this number and no other
 * @param source who asked for it: where to go to discuss it
 */
public record Threshold(
        String name,
        double value,
        Unit unit,
        Timing timing,
        @Nullable Histogram boundOf,
        Use use,
        String reason,
        String source) {
    /** What compares with a threshold. */
    public enum Use {
        /** A rule of Prometheus: when the number is past it, somebody is told. */
        RULE,
        /** The service: when the number is past it, the service does something about it. */
        SERVICE
    }

    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{2,59}");

    public Threshold {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("threshold '" + name + "' must match " + NAME);
        }
        if (reason.isBlank() || source.isBlank()) {
            throw new IllegalArgumentException("threshold '" + name + "' must have a reason and a source");
        }
        String refusal = refusal(name, value, boundOf);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
    }

    public static Threshold of(String name, double value, Unit unit, Timing timing, String reason, String source) {
        return new Threshold(name, value, unit, timing, null, Use.RULE, reason, source);
    }

    /** The same threshold, of which the value must be a bucket's bound of that histogram. */
    public Threshold onBoundOf(Histogram histogram) {
        return new Threshold(name, value, unit, timing, histogram, use, reason, source);
    }

    /** The same threshold, which no rule need compare with: the service does. */
    public Threshold actedOnByTheService() {
        return new Threshold(name, value, unit, timing, boundOf, Use.SERVICE, reason, source);
    }

    /** Why a value isn't allowed, or null when it is. */
    @Nullable
    String refusalOf(double candidate) {
        return refusal(name, candidate, boundOf);
    }

    private static @Nullable String refusal(String name, double value, @Nullable Histogram boundOf) {
        if (!Double.isFinite(value) || value <= 0) {
            return "threshold '" + name + "' is " + value + ", but must be a number above 0";
        }
        if (boundOf != null && !boundOf.canBeExceeded(value)) {
            return "threshold '" + name + "' is " + value + ", but must be one of the buckets of " + boundOf.name()
                    + " except the last: " + boundOf.buckets();
        }
        return null;
    }
}
