package io.trayb.database;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pool of connections ({@code database.pool} in {@code config.yml}).
 *
 * <p>The three times add up to what a caller waits at worst when Postgres is gone: a connection is borrowed ({@code
 * borrowTimeout}) and then doesn't answer ({@code socketTimeout}), or is opened anew ({@code connectTimeout}). The defaults
 * keep that within the 5 s in which a client is promised its 503.
 *
 * @param minSize connections kept open while idle
 * @param maxSize connections at most, 1 to 1000
 * @param borrowTimeout how long a caller waits for a free connection
 * @param connectTimeout how long the opening of a connection may take, whole seconds
 * @param socketTimeout how long an answer of Postgres may take before the connection is given up, whole seconds
 */
public record PoolConfiguration(
        @Min(0) int minSize,
        @Min(1) @Max(1000) int maxSize,

        @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration borrowTimeout,

        @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration connectTimeout,
        @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration socketTimeout) {
    static final PoolConfiguration DEFAULT = of(null, null, null, null, null);

    @JsonCreator
    static PoolConfiguration of(
            @JsonProperty("minSize") @Nullable Integer minSize,
            @JsonProperty("maxSize") @Nullable Integer maxSize,
            @JsonProperty("borrowTimeout") @Nullable Duration borrowTimeout,
            @JsonProperty("connectTimeout") @Nullable Duration connectTimeout,
            @JsonProperty("socketTimeout") @Nullable Duration socketTimeout) {
        return new PoolConfiguration(
                Objects.requireNonNullElse(minSize, 2),
                Objects.requireNonNullElse(maxSize, 16),
                Objects.requireNonNullElse(borrowTimeout, Duration.seconds(1)),
                Objects.requireNonNullElse(connectTimeout, Duration.seconds(2)),
                Objects.requireNonNullElse(socketTimeout, Duration.seconds(4)));
    }

    @ValidationMethod(message = "minSize must not be greater than maxSize")
    boolean isMinSizeWithinMaxSize() {
        return minSize <= maxSize;
    }
}
