package io.trayb.monitoring.alert;

import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.threshold.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the parts of an {@link Alert}. Absence is refused: {@link #build} names every part that is missing. */
public final class AlertBuilder {
    private static final Pattern NAME = Pattern.compile("Trayb([A-Z][a-z0-9]+)+");

    private final String name;
    private @Nullable Area area;
    private @Nullable Vector condition;
    private Unit unit = Unit.COUNT;
    private @Nullable Threshold threshold;
    private @Nullable String limit;
    private @Nullable Threshold lasting;
    private @Nullable Severity severity;
    private @Nullable Team owner;
    private @Nullable String summary;
    private @Nullable String description;
    private @Nullable Proof proof;

    AlertBuilder(String name) {
        this.name = name;
    }

    public AlertBuilder in(Area area) {
        this.area = area;
        return this;
    }

    /** Fires when a value is above a threshold; the threshold's timing is the alert's. */
    public AlertBuilder whenAbove(Vector value, Threshold threshold) {
        return when(value.above(threshold), threshold);
    }

    /** Fires on a condition that holds the comparison with the threshold somewhere inside. */
    public AlertBuilder when(Vector condition, Threshold threshold) {
        this.threshold = threshold;
        this.unit = threshold.unit();
        return when(condition);
    }

    /** Fires on a condition that has nothing to set. */
    public AlertBuilder when(Vector condition) {
        this.condition = condition;
        return this;
    }

    /** Says for the documents what the condition compares with, where the threshold alone doesn't; see {@link Describing}. */
    public AlertBuilder inWords(String limit) {
        this.limit = limit;
        return this;
    }

    /** Fires only once the condition has held for as many seconds as this threshold says. */
    public AlertBuilder lasting(Threshold seconds) {
        if (seconds.unit() != Unit.SECONDS) {
            throw new IllegalArgumentException("alert '" + name + "' lasts '" + seconds.name()
                    + "', which must be in seconds, not " + seconds.unit());
        }
        this.lasting = seconds;
        return this;
    }

    public AlertBuilder severity(Severity severity) {
        this.severity = severity;
        return this;
    }

    public AlertBuilder owner(Team owner) {
        this.owner = owner;
        return this;
    }

    public AlertBuilder summary(String summary) {
        this.summary = summary;
        return this;
    }

    /** See {@link Describing} for what can stand in double braces. */
    public AlertBuilder describes(String description) {
        this.description = description;
        return this;
    }

    public AlertBuilder proof(Proof proof) {
        this.proof = proof;
        return this;
    }

    /**
     * The alert.
     *
     * @throws IllegalArgumentException naming everything that is missing or malformed
     */
    public Alert build() {
        List<String> refusals = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            refusals.add("its name must match " + NAME);
        }
        if (summary != null && (summary.isBlank() || !summary.endsWith("."))) {
            refusals.add("its summary must be a sentence that ends in a full stop");
        }
        if (lasting != null && threshold != null) {
            refusals.add("its time is said twice: by 'lasting' and by the timing of " + threshold.name());
        }
        require(area, "an area", refusals);
        require(condition, "a condition", refusals);
        require(severity, "a severity", refusals);
        require(owner, "an owner", refusals);
        require(summary, "a summary", refusals);
        require(description, "a description", refusals);
        require(proof, "a proof", refusals);
        if (area == null
                || condition == null
                || severity == null
                || owner == null
                || summary == null
                || description == null
                || proof == null
                || !refusals.isEmpty()) {
            throw new IllegalArgumentException("alert '" + name + "': " + String.join("; ", refusals));
        }
        return new Alert(
                name, area, condition, unit, threshold, limit, lasting, severity, owner, summary, description, proof);
    }

    private static void require(@Nullable Object part, String what, List<String> refusals) {
        if (part == null) {
            refusals.add("it must have " + what);
        }
    }
}
