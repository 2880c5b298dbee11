package io.trayb.keys;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which queues a key can see: all ({@code *}), those whose names begin alike ({@code billing-*}), or one ({@code mail}).
 * Immutable.
 *
 * @param text as it is written
 */
public record QueuePattern(@JsonValue String text) {
    /** What a text has to look like. Before the constants that are checked against it. */
    public static final Pattern FORM = Pattern.compile("\\*|[a-z0-9][a-z0-9._-]{0,62}\\*|[a-z0-9][a-z0-9._-]{0,63}");

    /** Every queue. */
    public static final QueuePattern ALL = new QueuePattern("*");

    /** What is allowed, for sentences. */
    public static final String ALLOWED = "*, the name of a queue, or the beginning of one and a * (billing-*)";

    /** @throws IllegalArgumentException if it isn't one of {@link #ALLOWED} */
    public QueuePattern {
        Objects.requireNonNull(text, "text");
        if (!isValid(text)) {
            throw new IllegalArgumentException("queues is '" + text + "', allowed is " + ALLOWED);
        }
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whether it is every queue that there is or ever will be. */
    public boolean isAll() {
        return text.equals("*");
    }

    /** Whether a queue is one of them. */
    public boolean sees(String queue) {
        return isOpen() ? queue.startsWith(beginning()) : queue.equals(text);
    }

    /** Whether whatever the other one sees is seen by this one too. */
    public boolean covers(QueuePattern other) {
        return other.isOpen() ? isOpen() && other.beginning().startsWith(beginning()) : sees(other.text);
    }

    /** What the names of its queues begin with; null if it is one queue. For filters in SQL. */
    public @Nullable String prefix() {
        return isOpen() ? beginning() : null;
    }

    /** The one queue; null if it is more than that. For filters in SQL. */
    public @Nullable String single() {
        return isOpen() ? null : text;
    }

    private boolean isOpen() {
        return text.endsWith("*");
    }

    private String beginning() {
        return text.substring(0, text.length() - 1);
    }

    @Override
    public String toString() {
        return text;
    }
}
