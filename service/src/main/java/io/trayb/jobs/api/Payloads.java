package io.trayb.jobs.api;

import io.trayb.jobs.JobSubmission;
import java.nio.charset.StandardCharsets;

/** What a payload may be, beside JSON. */
final class Payloads {
    private static final int MAX_BYTES_OF_A_CHAR = 3;

    private Payloads() {}

    static boolean isTooLarge(String json) {
        if (json.length() * MAX_BYTES_OF_A_CHAR <= JobSubmission.MAX_PAYLOAD_BYTES) {
            return false;
        }
        return json.length() > JobSubmission.MAX_PAYLOAD_BYTES
                || json.getBytes(StandardCharsets.UTF_8).length > JobSubmission.MAX_PAYLOAD_BYTES;
    }

    /**
     * Whether compact JSON, as Jackson writes it, has what Postgres keeps in no text: U+0000 (which Jackson escapes) or a
     * surrogate without its other half (which it doesn't).
     */
    static boolean hasUnstorableText(String json) {
        return hasEscapedNul(json) || hasLoneSurrogate(json);
    }

    private static boolean hasEscapedNul(String json) {
        for (int at = json.indexOf("\\u0000"); at >= 0; at = json.indexOf("\\u0000", at + 1)) {
            int backslashes = 0;
            while (at - 1 - backslashes >= 0 && json.charAt(at - 1 - backslashes) == '\\') {
                backslashes++;
            }
            if (backslashes % 2 == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLoneSurrogate(String json) {
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < json.length() && Character.isLowSurrogate(json.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return true;
            }
        }
        return false;
    }
}
