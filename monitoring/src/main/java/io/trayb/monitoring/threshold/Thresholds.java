package io.trayb.monitoring.threshold;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The thresholds that are in force: defaults from the code, and what the configuration puts in their place. Immutable. */
public final class Thresholds {
    private final Map<String, Threshold> declared;
    private final Map<String, Double> overrides;

    private Thresholds(Map<String, Threshold> declared, Map<String, Double> overrides) {
        this.declared = declared;
        this.overrides = overrides;
    }

    /**
     * The thresholds as declared.
     *
     * @throws IllegalArgumentException when two of them have the same name
     */
    public static Thresholds defaults(Collection<Threshold> declared) {
        Map<String, Threshold> byName = new TreeMap<>();
        for (Threshold threshold : declared) {
            if (byName.put(threshold.name(), threshold) != null) {
                throw new IllegalArgumentException("threshold '" + threshold.name() + "' is declared twice");
            }
        }
        return new Thresholds(byName, Map.of());
    }

    /**
     * The same thresholds with other values.
     *
     * @param values by the threshold's name; what isn't named keeps its default
     * @throws IllegalArgumentException naming every unknown name and every value that isn't allowed, with what is
     */
    public Thresholds with(Map<String, Double> values) {
        List<String> refusals = new ArrayList<>();
        new TreeMap<>(values).forEach((name, value) -> {
            String refusal = refusal(name, value);
            if (refusal != null) {
                refusals.add(refusal);
            }
        });
        if (!refusals.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", refusals));
        }
        Map<String, Double> merged = new TreeMap<>(overrides);
        merged.putAll(values);
        return new Thresholds(declared, merged);
    }

    private @Nullable String refusal(String name, @Nullable Double value) {
        Threshold threshold = declared.get(name);
        if (threshold == null) {
            return "threshold '" + name + "' is unknown; there are " + String.join(", ", declared.keySet());
        }
        if (value == null) {
            return "threshold '" + name + "' has no value, but must be a number above 0";
        }
        return threshold.refusalOf(value);
    }

    /** The value in force. */
    public double value(Threshold threshold) {
        return overrides.getOrDefault(threshold.name(), threshold.value());
    }

    /** The value in force, with its unit. */
    public String exact(Threshold threshold) {
        return threshold.unit().exact(value(threshold));
    }

    /** All of them, by name. */
    public List<Threshold> all() {
        return List.copyOf(declared.values());
    }

    public boolean isOverridden(Threshold threshold) {
        return overrides.containsKey(threshold.name());
    }

    public boolean contains(Threshold threshold) {
        return threshold.equals(declared.get(threshold.name()));
    }
}
