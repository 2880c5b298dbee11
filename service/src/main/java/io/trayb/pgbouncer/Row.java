package io.trayb.pgbouncer;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of the console's answer. Immutable.
 *
 * @param command what was asked
 */
public record Row(String command, Map<String, @Nullable String> values) {
    public Row {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A value that is there. */
    public String text(String column) throws IOException {
        String value = values.get(column);
        if (value == null) {
            throw new IOException("the answer to " + command + " has no " + column + ", but " + values.keySet()
                    + "; PgBouncer 1.18 has it");
        }
        return value;
    }

    /** A whole number that is there. */
    public long number(String column) throws IOException {
        String text = text(column);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(
                    "the answer to " + command + " has " + column + " '" + text + "', which is no number", e);
        }
    }

    boolean has(String column) {
        return values.get(column) != null;
    }
}
