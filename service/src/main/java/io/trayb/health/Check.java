package io.trayb.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one dependency. Immutable.
 *
 * @param status {@code ok}, {@code down}, or {@code unknown} before the first answer
 * @param latencyMs how long the last answer took; null before the first
 * @param reason why it is down, for everybody; null when it isn't
 * @param detail the same for operators: may name hosts and users
 * @param failures how many probes in a row have failed; there may be some before it counts as down
 */
record Check(
        String status,
        @Nullable Long latencyMs,
        @Nullable String reason,
        @Nullable String detail,
        int failures) {
    static final Check UNKNOWN = new Check("unknown", null, null, null, 0);

    /**
     * As {@code /readyz} shows it.
     *
     * @param error left out when there is none
     * @param failures left out when there are none
     */
    record Shown(
            String status,
            @Nullable Long latencyMs,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String error,

            @JsonInclude(JsonInclude.Include.NON_DEFAULT) int failures) {}

    static Check ok(long latencyMs) {
        return new Check("ok", latencyMs, null, null, 0);
    }

    /** It was up, and a probe or some have failed since: not enough to turn a node away. */
    static Check wavering(long latencyMs, int failures) {
        return new Check("ok", latencyMs, null, null, failures);
    }

    static Check down(@Nullable Long latencyMs, String reason, String detail, int failures) {
        return new Check("down", latencyMs, reason, detail, failures);
    }

    boolean isOk() {
        return status.equals("ok");
    }

    boolean isWavering() {
        return isOk() && failures > 0;
    }

    Shown toEverybody() {
        return new Shown(status, latencyMs, reason, failures);
    }

    Shown toOperators() {
        return new Shown(status, latencyMs, detail, failures);
    }
}
