package io.trayb;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a key ends, as people write it: {@code 90d}, {@code 12h}, {@code 30m}, or a time of RFC 3339. */
final class Expiry {
    /** What is allowed, for sentences. */
    static final String ALLOWED = "a time from now, such as 90d, 12h or 30m, or a day and time that is to come, such as"
            + " 2030-01-31T12:00:00Z; at most a hundred years away";

    private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,7})([dhm])");
    private static final Duration MOST = Duration.ofDays(36_525);

    private Expiry() {}

    /** Empty if it isn't {@link #ALLOWED}. */
    static Optional<Instant> parse(String text, Instant now) {
        return read(text, now)
                .filter(instant -> instant.isAfter(now) && !instant.isAfter(now.plus(MOST)))
                .map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
    }

    private static Optional<Instant> read(String text, Instant now) {
        Matcher span = SPAN.matcher(text);
        if (span.matches()) {
            long count = Long.parseLong(span.group(1));
            ChronoUnit unit =
                    switch (span.group(2)) {
                        case "d" -> ChronoUnit.DAYS;
                        case "h" -> ChronoUnit.HOURS;
                        default -> ChronoUnit.MINUTES;
                    };
            return Optional.of(now.plus(count, unit));
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            // Neither the one nor the other; whoever asked says what is allowed.
            return Optional.empty();
        }
    }
}
