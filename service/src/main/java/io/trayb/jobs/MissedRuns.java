package io.trayb.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of the ticks of a schedule that passed while nobody could run it, or while it was disabled. */
public enum MissedRuns {
    /** Nothing: it goes on with the next tick. */
    SKIP,
    /** One run makes up for all of them, then it goes on with the next tick. */
    ONCE;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The policy as clients and the database write it, such as {@code skip}. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Finds a policy by its wire name; empty for any other text. */
    public static Optional<MissedRuns> find(String wireName) {
        return Arrays.stream(values())
                .filter(policy -> policy.wireName.equals(wireName))
                .findFirst();
    }
}
