package io.trayb.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One dependency as {@code /readyz} shows it. Immutable.
 *
 * @param status {@code ok}, {@code down}, or {@code unknown} before the first answer
 * @param latencyMs how long the last answer took; null before the first
 * @param error why it is down; left out when it isn't
 */
record Check(
        String status,
        @Nullable Long latencyMs,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String error) {
    static final Check UNKNOWN = new Check("unknown", null, null);

    static Check ok(long latencyMs) {
        return new Check("ok", latencyMs, null);
    }

    static Check down(@Nullable Long latencyMs, String error) {
        return new Check("down", latencyMs, error);
    }

    boolean isOk() {
        return status.equals("ok");
    }
}
