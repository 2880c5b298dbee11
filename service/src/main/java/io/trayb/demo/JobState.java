package io.trayb.demo;

import java.util.Locale;
import java.util.Optional;

/** The states of a job, as the service names them on the wire (in lower case). */
enum JobState {
    DELAYED,
    WAITING,
    ACTIVE,
    COMPLETED,
    FAILED,
    CANCELLED;

    /** Empty for a name that a newer service may have and this client doesn't know. */
    static Optional<JobState> named(String name) {
        for (JobState state : values()) {
            if (state.wireName().equals(name)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isFinal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
