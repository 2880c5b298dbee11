package io.trayb.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job that somebody asks for. Immutable and valid: the constructor refuses what the contract doesn't allow, with the
 * field, its value and what is allowed.
 *
 * @param queue where it waits
 * @param type which handler or worker runs it
 * @param payload JSON text, at most {@link #MAX_PAYLOAD_BYTES} in UTF-8
 * @param priority 0 (first) to 9 (last)
 * @param runAt the earliest start, or null for now (then {@code delay} counts)
 * @param delay from the moment of submission by the database's clock; zero when {@code runAt} is given
 * @param maxAttempts 1 to 50
 * @param timeout of one attempt, 1 ms to 24 h
 * @param uniqueKey 1 to 200 visible ASCII characters, or null
 */
public record JobSubmission(
        String queue,
        String type,
        String payload,
        int priority,
        @Nullable Instant runAt,
        Duration delay,
        int maxAttempts,
        Duration timeout,
        @Nullable String uniqueKey) {

    /** What a queue may be called. */
    public static final Pattern QUEUE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    /** What a job type may be called. */
    public static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");
    /** What a unique key may be: visible ASCII. */
    public static final Pattern UNIQUE_KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    public static final int MAX_PAYLOAD_BYTES = 256 * 1024;
    public static final int MAX_PRIORITY = 9;
    public static final int MAX_MAX_ATTEMPTS = 50;
    public static final Duration MAX_DELAY = Duration.ofDays(365);
    public static final Duration MAX_TIMEOUT = Duration.ofDays(1);

    public static final String DEFAULT_QUEUE = "default";
    public static final int DEFAULT_PRIORITY = 5;
    public static final int DEFAULT_MAX_ATTEMPTS = 5;
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

    public JobSubmission {
        require(QUEUE.matcher(queue).matches(), "queue", queue, QUEUE.pattern());
        require(TYPE.matcher(type).matches(), "type", type, TYPE.pattern());
        require(priority >= 0 && priority <= MAX_PRIORITY, "priority", priority, "0 to 9");
        require(maxAttempts >= 1 && maxAttempts <= MAX_MAX_ATTEMPTS, "maxAttempts", maxAttempts, "1 to 50");
        require(!delay.isNegative() && delay.compareTo(MAX_DELAY) <= 0, "delay", delay, "zero to one year");
        require(runAt == null || delay.isZero(), "delay", delay, "nothing when runAt is given");
        require(timeout.toMillis() >= 1 && timeout.compareTo(MAX_TIMEOUT) <= 0, "timeout", timeout, "1 ms to 24 h");
        require(
                uniqueKey == null || UNIQUE_KEY.matcher(uniqueKey).matches(),
                "uniqueKey",
                String.valueOf(uniqueKey),
                "1 to 200 visible ASCII characters");
    }

    /** A job of this type and payload with every other field at its default. */
    public static JobSubmission of(String queue, String type, String payload) {
        return new JobSubmission(
                queue,
                type,
                payload,
                DEFAULT_PRIORITY,
                null,
                Duration.ZERO,
                DEFAULT_MAX_ATTEMPTS,
                DEFAULT_TIMEOUT,
                null);
    }

    private static void require(boolean holds, String field, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(field + " is '" + value + "', but must be " + allowed);
        }
    }
}
