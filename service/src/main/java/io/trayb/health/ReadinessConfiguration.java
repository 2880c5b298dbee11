package io.trayb.health;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When this process should get traffic ({@code readiness} in {@code config.yml}).
 *
 * @param critical the dependencies without which it should not: any of {@code postgres}, {@code redis}, {@code queue}
 * @param probeInterval how often each dependency is asked
 * @param staleAfter how old an answer may be before the dependency counts as down; with the interval it bounds how late a
 *     fault is noticed
 * @param failureAttempts how many probes in a row must fail before a dependency that was up counts as down, of each; what is said
 *     for sure (not migrated, read-only, a thread that has ended) counts at once
 * @param drainDelay how long a stopping process answers 503 on {@code /readyz} before it closes its ports, so that load
 *     balancers turn away first
 */
public record ReadinessConfiguration(
        Set<@Pattern(regexp = DEPENDENCY, message = ONE_OF_THEM) String> critical,

        @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS) @MaxDuration(value = 10, unit = TimeUnit.SECONDS)
        Duration probeInterval,

        @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 60, unit = TimeUnit.SECONDS)
        Duration staleAfter,

        Map<@Pattern(regexp = DEPENDENCY, message = ONE_OF_THEM) String, @NotNull @Min(1) @Max(10) Integer>
                failureAttempts,

        @MaxDuration(value = 5, unit = TimeUnit.MINUTES) Duration drainDelay) {
    private static final String DEPENDENCY = "postgres|redis|queue";
    private static final String ONE_OF_THEM = "must be one of postgres, redis, queue";

    /** One slow answer turns no node away. What the process says of its own threads isn't slow, it is so. */
    private static final Map<String, Integer> FAILURE_ATTEMPTS = Map.of("postgres", 2, "redis", 2, "queue", 1);

    public static final ReadinessConfiguration DEFAULT = of(null, null, null, null, null);

    public ReadinessConfiguration {
        Map<String, Integer> all = new TreeMap<>(FAILURE_ATTEMPTS);
        all.putAll(failureAttempts);
        failureAttempts = Collections.unmodifiableMap(all);
    }

    @JsonCreator
    static ReadinessConfiguration of(
            @JsonProperty("critical") @Nullable Set<String> critical,
            @JsonProperty("probeInterval") @Nullable Duration probeInterval,
            @JsonProperty("staleAfter") @Nullable Duration staleAfter,
            @JsonProperty("failureAttempts") @Nullable Map<String, Integer> failureAttempts,
            @JsonProperty("drainDelay") @Nullable Duration drainDelay) {
        return new ReadinessConfiguration(
                Objects.requireNonNullElse(critical, Set.of("postgres", "redis", "queue")),
                Objects.requireNonNullElse(probeInterval, Duration.seconds(1)),
                Objects.requireNonNullElse(staleAfter, Duration.seconds(3)),
                Objects.requireNonNullElse(failureAttempts, Map.of()),
                Objects.requireNonNullElse(drainDelay, Duration.seconds(0)));
    }

    /** How many probes of a dependency must fail in a row before it counts as down. */
    int failureAttempts(String dependency) {
        return failureAttempts.getOrDefault(dependency, 1);
    }
}
