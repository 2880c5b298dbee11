package io.trayb.http;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose web pages may call the API: the section {@code cors} of the configuration. Immutable.
 *
 * @param allowedOrigins origins as browsers write them; none, and no page from elsewhere may
 */
public record CorsConfiguration(List<String> allowedOrigins) {
    /** Nobody's. */
    public static final CorsConfiguration CLOSED = new CorsConfiguration(List.of());

    private static final Pattern ORIGIN = Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:]+])(:[1-9][0-9]{0,4})?");

    /** @throws IllegalArgumentException naming the first that is no origin, or every page's */
    public CorsConfiguration {
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!ORIGIN.matcher(origin).matches() || origin.endsWith(":80") || origin.endsWith(":443")) {
                throw new IllegalArgumentException("allowedOrigins has '" + origin
                        + "', but each must be an origin as browsers write it: https://app.example.org or http://localhost:3000,"
                        + " in lower case, without a path and without the scheme's own port; * is not allowed");
            }
        }
    }

    /** From a configuration file, in which everything may be left out. */
    @JsonCreator
    public static CorsConfiguration of(@JsonProperty("allowedOrigins") @Nullable String allowedOrigins) {
        return allowedOrigins == null || allowedOrigins.isBlank()
                ? CLOSED
                : new CorsConfiguration(List.of(allowedOrigins.strip().split("\\s*,\\s*", -1)));
    }
}
