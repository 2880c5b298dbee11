package io.trayb.health;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Pattern;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When this process should get traffic ({@code readiness} in {@code config.yml}).
 *
 * @param critical the dependencies without which it should not: any of {@code postgres}, {@code redis}, {@code queue}
 * @param probeInterval how often each dependency is asked
 * @param staleAfter how old an answer may be before the dependency counts as down; with the interval it bounds how late a
 *     fault is noticed
 * @param drainDelay how long a stopping process answers 503 on {@code /readyz} before it closes its ports, so that load
 *     balancers turn away first
 */
public record ReadinessConfiguration(
        Set<@Pattern(regexp = "postgres|redis|queue", message = "must be one of postgres, redis, queue") String>
                critical,

        @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) @MaxDuration(value = 10, unit = TimeUnit.SECONDS)
        Duration probeInterval,

        @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 60, unit = TimeUnit.SECONDS)
        Duration staleAfter,

        @MaxDuration(value = 5, unit = TimeUnit.MINUTES) Duration drainDelay) {
    public static final ReadinessConfiguration DEFAULT = of(null, null, null, null);

    @JsonCreator
    static ReadinessConfiguration of(
            @JsonProperty("critical") @Nullable Set<String> critical,
            @JsonProperty("probeInterval") @Nullable Duration probeInterval,
            @JsonProperty("staleAfter") @Nullable Duration staleAfter,
            @JsonProperty("drainDelay") @Nullable Duration drainDelay) {
        return new ReadinessConfiguration(
                Objects.requireNonNullElse(critical, Set.of("postgres", "redis", "queue")),
                Objects.requireNonNullElse(probeInterval, Duration.seconds(1)),
                Objects.requireNonNullElse(staleAfter, Duration.seconds(3)),
                Objects.requireNonNullElse(drainDelay, Duration.seconds(0)));
    }
}
