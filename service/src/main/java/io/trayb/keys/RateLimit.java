package io.trayb.keys;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests a key may make. They may come all at once; after that, they come back evenly. Immutable.
 *
 * @param requests 1 to 1,000,000
 * @param per a second, a minute or an hour
 */
public record RateLimit(int requests, Duration per) {
    /** What is allowed, for sentences. */
    public static final String ALLOWED = "N/s, N/m or N/h with N from 1 to 1000000, such as 100/s";

    /** What a text has to look like: {@link #ALLOWED}. */
    public static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5}|1000000)/([smh])");

    private static final int MOST = 1_000_000;
    private static final Map<String, Duration> UNITS =
            Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1));

    public RateLimit {
        Objects.requireNonNull(per, "per");
        if (requests < 1 || requests > MOST || !UNITS.containsValue(per)) {
            throw new IllegalArgumentException("rate is " + requests + " per " + per + ", allowed is " + ALLOWED);
        }
    }

    /** Reads {@code 100/s}; empty if it isn't {@link #ALLOWED}. */
    public static Optional<RateLimit> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new RateLimit(Integer.parseInt(parts.group(1)), Objects.requireNonNull(UNITS.get(parts.group(2)))));
    }

    /** As it is written, such as {@code 100/s}. */
    @JsonValue
    @Override
    public String toString() {
        return requests + "/" + (per.toSeconds() == 1 ? "s" : per.toMinutes() == 1 ? "m" : "h");
    }
}
