package io.trayb.keys.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.http.Timestamps;
import io.trayb.keys.KeyText;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a call has sent into its line of the audit log: {@link #ROOM} characters at most, whatever it is, and without keys,
 * wherever they were written by mistake. For one line.
 */
final class AuditedValues {
    /** Of one text. */
    static final int SHOWN = 200;
    /** Of all names and values together. */
    static final int ROOM = 4000;

    private static final String REST = "…";

    /** Byte by byte: keys are in ASCII. */
    private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");

    private int room = ROOM;

    /** Writes fields in their order, as far as there is room. */
    void write(Map<String, @Nullable Object> fields, ObjectNode into) {
        fields.forEach((name, value) -> {
            if (!isFull(into)) {
                write(bounded(name), value, into);
            }
        });
    }

    private void write(String name, @Nullable Object value, ObjectNode into) {
        if (value instanceof Map<?, ?> inner) {
            ObjectNode object = into.putObject(name);
            inner.forEach((innerName, innerValue) -> {
                if (!isFull(object)) {
                    writeSimple(bounded(String.valueOf(innerName)), innerValue, object);
                }
            });
        } else if (value instanceof Collection<?> list) {
            ArrayNode array = into.putArray(name);
            for (Object one : list) {
                if (room <= 0) {
                    array.add(REST);
                    return;
                }
                array.add(bounded(String.valueOf(one)));
            }
        } else {
            writeSimple(name, value, into);
        }
    }

    private void writeSimple(String name, @Nullable Object value, ObjectNode into) {
        if (value == null) {
            into.putNull(name);
        } else if (value instanceof Boolean flag) {
            into.put(name, flag);
        } else if (value instanceof Integer || value instanceof Long) {
            into.put(name, ((Number) value).longValue());
        } else {
            into.put(name, value instanceof Instant time ? Timestamps.format(time) : bounded(value.toString()));
        }
    }

    /** What there is no room for is seen to be missing. */
    private boolean isFull(ObjectNode into) {
        if (room > 0) {
            return false;
        }
        into.put(REST, REST);
        return true;
    }

    private String bounded(String text) {
        String shown = shown(text);
        // One for an empty one, too: there may be any number of them.
        room -= shown.length() + 1;
        return shown;
    }

    /** A path as it was sent; decoded if a key comes to light by that. */
    static String shownPath(String path) {
        String decoded = ENCODED.matcher(path)
                .replaceAll(one -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(one.group(1), 16))));
        return shown(KeyText.isIn(decoded) ? decoded : path);
    }

    /** A text of a client's, without what looks like a key. */
    static String shown(String text) {
        // Before it is cut: half a key is too much to show.
        String harmless = KeyText.hiddenIn(text);
        return harmless.length() <= SHOWN ? harmless : harmless.substring(0, SHOWN) + REST;
    }
}
