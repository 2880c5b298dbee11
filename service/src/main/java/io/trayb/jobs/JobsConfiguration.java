package io.trayb.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How this process runs jobs: the section {@code jobs} of the configuration.
 *
 * @param worker whether it runs jobs at all
 * @param concurrency handlers at once; by default two for each core
 * @param lease how long a process may be silent before its jobs go to others
 * @param beat how often it says that it is alive; at most a third of the lease, so that two beats may be lost
 * @param shutdownGrace how long running handlers may go on after SIGTERM
 * @param abandonAfter how long a handler may ignore an interruption before its slot is given to another
 * @param maxStalls the loss of a lease that fails a job
 * @param pollMin the shortest pause between two looks for work
 * @param pollMax the longest; what a lost wake-up costs at most
 * @param metricsPoll how often the depth of the queues is read for the metrics
 * @param httpAllow hosts and address ranges that the {@code http} job type may call, separated by commas
 */
public record JobsConfiguration(
        @JsonProperty boolean worker,
        @JsonProperty @Nullable @Min(1) @Max(1000) Integer concurrency,

        @JsonProperty
        @NotNull
        @MinDuration(value = 1, unit = TimeUnit.SECONDS)
        @MaxDuration(value = 1, unit = TimeUnit.HOURS)
        Duration lease,

        @JsonProperty @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration beat,

        @JsonProperty @NotNull @MaxDuration(value = 1, unit = TimeUnit.HOURS)
        Duration shutdownGrace,

        @JsonProperty @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration abandonAfter,

        @JsonProperty @Min(1) @Max(100) int maxStalls,

        @JsonProperty @NotNull @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
        Duration pollMin,

        @JsonProperty @NotNull @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration pollMax,

        @JsonProperty @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration metricsPoll,

        @JsonProperty @NotNull String httpAllow) {

    private static final int SLOTS_PER_CORE = 2;

    /** Fills what the configuration leaves out. */
    public JobsConfiguration {
        lease = orElse(lease, Duration.seconds(10));
        beat = orElse(beat, Duration.seconds(2));
        shutdownGrace = orElse(shutdownGrace, Duration.seconds(30));
        abandonAfter = orElse(abandonAfter, Duration.seconds(5));
        maxStalls = maxStalls == 0 ? 3 : maxStalls;
        pollMin = orElse(pollMin, Duration.milliseconds(100));
        pollMax = orElse(pollMax, Duration.seconds(2));
        metricsPoll = orElse(metricsPoll, Duration.seconds(5));
        httpAllow = httpAllow == null ? "" : httpAllow;
    }

    /** Handlers at once, with the default filled in. */
    public int slots() {
        return concurrency == null ? SLOTS_PER_CORE * Runtime.getRuntime().availableProcessors() : concurrency;
    }

    /** The entries of {@link #httpAllow()}. */
    public List<String> httpAllowList() {
        return httpAllow.isBlank() ? List.of() : List.of(httpAllow.strip().split("\\s*,\\s*"));
    }

    @ValidationMethod(message = "jobs.beat must be at most a third of jobs.lease, so that two beats may be lost")
    public boolean isBeatOftenEnough() {
        return beat.toMilliseconds() * 3 <= lease.toMilliseconds();
    }

    @ValidationMethod(message = "jobs.pollMin must not be longer than jobs.pollMax")
    public boolean isPollRangeInOrder() {
        return pollMin.toMilliseconds() <= pollMax.toMilliseconds();
    }

    private static Duration orElse(@Nullable Duration given, Duration otherwise) {
        return given == null ? otherwise : given;
    }
}
