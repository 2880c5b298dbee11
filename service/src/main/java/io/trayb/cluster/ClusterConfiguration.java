package io.trayb.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many processes {@code cluster} keeps, and how: the section {@code cluster} of the configuration. A process alone doesn't
 * read it.
 *
 * @param workers how many processes, 1 to 64, or {@code auto} for one for each core
 * @param restartMin the pause before a process that ended is started again
 * @param restartMax the longest such pause; each quick death doubles it up to that
 * @param quickDeath who ends sooner after having been ready died quickly, and so did who was never ready
 * @param maxQuickDeaths so many in a row, and no process that serves: the cluster gives up
 * @param startWithin how long a process may take to open its ports, and at a rolling restart to be ready
 * @param stopWithin how long a process may take to end before it is killed; longer than the sum beside
 *     {@code server.shutdownGracePeriod}, but for the embedded engines, which is seen to at the start
 * @param hungAfter a process that answers nothing on its admin port for so long is killed and started again
 */
public record ClusterConfiguration(
        String workers,

        @NotNull @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
        Duration restartMin,

        @NotNull Duration restartMax,
        @NotNull Duration quickDeath,
        @Min(1) @Max(1000) int maxQuickDeaths,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        Duration startWithin,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        Duration stopWithin,

        @NotNull @MinDuration(value = 5, unit = TimeUnit.SECONDS)
        Duration hungAfter) {

    private static final String AUTO = "auto";
    private static final int MOST = 64;

    public ClusterConfiguration {
        if (!workers.equals(AUTO) && (!workers.matches("[0-9]{1,2}") || !isCount(Integer.parseInt(workers)))) {
            throw new IllegalArgumentException("workers (CLUSTER_WORKERS) is '" + workers + "', must be " + AUTO
                    + " or a whole number from 1 to " + MOST);
        }
    }

    /** From a configuration file, in which everything may be left out. */
    @JsonCreator
    public static ClusterConfiguration of(
            @JsonProperty("workers") @Nullable String workers,
            @JsonProperty("restartMin") @Nullable Duration restartMin,
            @JsonProperty("restartMax") @Nullable Duration restartMax,
            @JsonProperty("quickDeath") @Nullable Duration quickDeath,
            @JsonProperty("maxQuickDeaths") @Nullable Integer maxQuickDeaths,
            @JsonProperty("startWithin") @Nullable Duration startWithin,
            @JsonProperty("stopWithin") @Nullable Duration stopWithin,
            @JsonProperty("hungAfter") @Nullable Duration hungAfter) {
        return new ClusterConfiguration(
                orElse(workers, "1").strip(),
                orElse(restartMin, Duration.milliseconds(500)),
                orElse(restartMax, Duration.seconds(30)),
                orElse(quickDeath, Duration.seconds(10)),
                orElse(maxQuickDeaths, 5),
                orElse(startWithin, Duration.minutes(2)),
                orElse(stopWithin, Duration.seconds(240)),
                orElse(hungAfter, Duration.seconds(30)));
    }

    /** Everything at its default. */
    public static ClusterConfiguration defaults() {
        return of(null, null, null, null, null, null, null, null);
    }

    /** How many processes there are to be, on a machine of so many cores. */
    public int processes(int cores) {
        return workers.equals(AUTO) ? Math.min(cores, MOST) : Integer.parseInt(workers);
    }

    @ValidationMethod(message = "cluster.restartMin must not be longer than cluster.restartMax")
    public boolean isRestartRangeInOrder() {
        return restartMin.toMilliseconds() <= restartMax.toMilliseconds();
    }

    private static boolean isCount(int count) {
        return count >= 1 && count <= MOST;
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
