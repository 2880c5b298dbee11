package io.trayb.cluster;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one member of the cluster is doing, as it is shown.
 *
 * @param name such as {@code api-2}
 * @param roles of its process
 * @param state what it is at
 * @param pid of its process; null while there is none
 * @param adminUrl where its process's own admin port is; null until it is open
 * @param restarts how often its process ended by itself and was started again
 */
public record ProcessState(
        String name,
        List<String> roles,
        State state,
        @Nullable Long pid,
        @Nullable String adminUrl,
        int restarts) {
    /** What a member is at. */
    public enum State {
        /** Its process hasn't opened its ports yet. */
        STARTING,
        /** Its process says that it isn't ready, or nothing. */
        DEGRADED,
        READY,
        /** Its process ended, and the pause before the next one isn't over. */
        PAUSING,
        /** It was told to end. */
        STOPPING;

        /** As it is shown. */
        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ProcessState {
        roles = List.copyOf(roles);
    }
}
