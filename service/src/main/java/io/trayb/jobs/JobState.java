package io.trayb.jobs;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a job is in its life: {@code delayed → waiting → active → completed | failed | cancelled}.
 *
 * <p>A failed attempt with attempts left goes from active back to delayed; a lost lease goes from active back to waiting.
 */
public enum JobState {
    /** Its time has not come: submitted for later, or between two attempts. */
    DELAYED,
    /** Ready to be started by the next free worker. */
    WAITING,
    /** Started; a process or a remote worker holds its lease. */
    ACTIVE,
    /** Finished well. */
    COMPLETED,
    /** Finished badly: its attempts are used up, or it failed for good. */
    FAILED,
    /** Ended on request. */
    CANCELLED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The state as clients and the database write it, such as {@code waiting}. */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** Whether nothing more happens to a job in this state by itself. */
    public boolean isFinished() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /** Finds a state by its wire name; empty for any other text. */
    public static Optional<JobState> find(String wireName) {
        return Arrays.stream(values())
                .filter(state -> state.wireName.equals(wireName))
                .findFirst();
    }
}
