package io.trayb.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** Times on the wire: {@code 2026-11-23T09:00:00.000Z}, always three digits of milliseconds, always UTC. */
public final class Timestamps {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    /** The years whose digits are four, as nearly all are. */
    private static final int MIN_YEAR = 1000;

    private static final int MAX_YEAR = 9999;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:[Zz]|[+-]\\d{2}:\\d{2})");

    private Timestamps() {}

    /** Reads a time in any offset; empty if it isn't one as RFC 3339 has it, though Java takes more, such as 09:00Z without seconds. */
    public static Optional<Instant> parse(String text) {
        if (!RFC_3339.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            // A day or an hour that there isn't.
            return Optional.empty();
        }
    }

    /** A time as the HTTP contract writes it; what is finer than a millisecond is cut off. */
    public static String format(Instant time) {
        LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        if (utc.getYear() < MIN_YEAR || utc.getYear() > MAX_YEAR) {
            return FORMAT.format(time);
        }
        // By hand, since a formatter takes ten times as long, and every job and event has some of these.
        byte[] text = new byte["2026-11-23T09:00:00.000Z".length()];
        digits(text, 0, 4, utc.getYear(), '-');
        digits(text, 5, 2, utc.getMonthValue(), '-');
        digits(text, 8, 2, utc.getDayOfMonth(), 'T');
        digits(text, 11, 2, utc.getHour(), ':');
        digits(text, 14, 2, utc.getMinute(), ':');
        digits(text, 17, 2, utc.getSecond(), '.');
        digits(text, 20, 3, utc.getNano() / NANOS_PER_MILLI, 'Z');
        return new String(text, StandardCharsets.US_ASCII);
    }

    private static void digits(byte[] text, int from, int count, int number, char after) {
        int left = number;
        for (int at = from + count - 1; at >= from; at--) {
            text[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        text[from + count] = (byte) after;
    }
}
