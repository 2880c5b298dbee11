package io.trayb.jobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How this process runs jobs: the section {@code jobs} of the configuration.
 *
 * @param worker whether it runs jobs at all; null: if its roles say so, which are all by default
 * @param concurrency handlers at once; by default two for each core
 * @param lease how long a process may be silent before its jobs go to others
 * @param beat how often it says that it is alive; at most a third of the lease, so that two beats may be lost
 * @param shutdownGrace how long running handlers may go on at a stop, before the ports are closed
 * @param abandonAfter how long a handler may ignore an interruption before its slot is given to another
 * @param maxStalls the loss of a lease that fails a job
 * @param pollMin the shortest pause between two looks for work
 * @param pollMax the longest; what a lost wake-up costs at most
 * @param metricsPoll how often the depth of the queues is read for the metrics
 * @param httpAllow hosts and address ranges that the {@code http} job type may call, separated by commas
 * @param httpSecrets the folder of the secrets that such calls may name; empty for none
 * @param httpCaFile certificates in PEM that such calls trust beside the JVM's; empty for none
 */
public record JobsConfiguration(
        @Nullable Boolean worker,
        @Nullable @Min(1) @Max(1000) Integer concurrency,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) @MaxDuration(value = 1, unit = TimeUnit.HOURS)
        Duration lease,

        @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration beat,

        @NotNull @MaxDuration(value = 1, unit = TimeUnit.HOURS)
        Duration shutdownGrace,

        @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration abandonAfter,

        @Min(1) @Max(100) int maxStalls,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.MILLISECONDS)
        Duration pollMin,

        @NotNull @MaxDuration(value = 1, unit = TimeUnit.MINUTES)
        Duration pollMax,

        @NotNull @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        Duration metricsPoll,

        @NotNull String httpAllow,

        @NotNull String httpSecrets,

        @NotNull String httpCaFile) {

    private static final int SLOTS_PER_CORE = 2;
    private static final Duration DEFAULT_LEASE = Duration.seconds(10);
    private static final Duration DEFAULT_BEAT = Duration.seconds(2);
    private static final Duration DEFAULT_SHUTDOWN_GRACE = Duration.seconds(30);
    private static final Duration DEFAULT_ABANDON_AFTER = Duration.seconds(5);
    private static final int DEFAULT_MAX_STALLS = 3;
    private static final Duration DEFAULT_POLL_MIN = Duration.milliseconds(100);
    private static final Duration DEFAULT_POLL_MAX = Duration.seconds(2);
    private static final Duration DEFAULT_METRICS_POLL = Duration.seconds(5);

    /** From a configuration file, in which everything may be left out. */
    @JsonCreator
    public static JobsConfiguration of(
            @JsonProperty("worker") @Nullable Boolean worker,
            @JsonProperty("concurrency") @Nullable Integer concurrency,
            @JsonProperty("lease") @Nullable Duration lease,
            @JsonProperty("beat") @Nullable Duration beat,
            @JsonProperty("shutdownGrace") @Nullable Duration shutdownGrace,
            @JsonProperty("abandonAfter") @Nullable Duration abandonAfter,
            @JsonProperty("maxStalls") @Nullable Integer maxStalls,
            @JsonProperty("pollMin") @Nullable Duration pollMin,
            @JsonProperty("pollMax") @Nullable Duration pollMax,
            @JsonProperty("metricsPoll") @Nullable Duration metricsPoll,
            @JsonProperty("httpAllow") @Nullable String httpAllow,
            @JsonProperty("httpSecrets") @Nullable String httpSecrets,
            @JsonProperty("httpCaFile") @Nullable String httpCaFile) {
        return new JobsConfiguration(
                worker,
                concurrency,
                orElse(lease, DEFAULT_LEASE),
                orElse(beat, DEFAULT_BEAT),
                orElse(shutdownGrace, DEFAULT_SHUTDOWN_GRACE),
                orElse(abandonAfter, DEFAULT_ABANDON_AFTER),
                orElse(maxStalls, DEFAULT_MAX_STALLS),
                orElse(pollMin, DEFAULT_POLL_MIN),
                orElse(pollMax, DEFAULT_POLL_MAX),
                orElse(metricsPoll, DEFAULT_METRICS_POLL),
                orElse(httpAllow, ""),
                orElse(httpSecrets, ""),
                orElse(httpCaFile, ""));
    }

    /** Everything at its default. */
    public static JobsConfiguration defaults() {
        return of(null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    /** Whether this process runs jobs. */
    public boolean runsJobs() {
        return worker == null || worker;
    }

    /** The same, with the say about {@link #worker()} taken from the process's roles. */
    public JobsConfiguration withWorker(boolean runsJobs) {
        return new JobsConfiguration(
                runsJobs,
                concurrency,
                lease,
                beat,
                shutdownGrace,
                abandonAfter,
                maxStalls,
                pollMin,
                pollMax,
                metricsPoll,
                httpAllow,
                httpSecrets,
                httpCaFile);
    }

    /** Handlers at once, with the default filled in. */
    public int slots() {
        return concurrency == null ? SLOTS_PER_CORE * Runtime.getRuntime().availableProcessors() : concurrency;
    }

    /** The entries of {@link #httpAllow()}. */
    public List<String> httpAllowList() {
        return httpAllow.isBlank() ? List.of() : List.of(httpAllow.strip().split("\\s*,\\s*"));
    }

    @ValidationMethod(message = "jobs.httpSecrets (HTTP_JOB_SECRETS) must be a folder that this process can read")
    public boolean isHttpSecretsReadable() {
        return httpSecrets.isBlank()
                || (Files.isDirectory(Path.of(httpSecrets)) && Files.isReadable(Path.of(httpSecrets)));
    }

    @ValidationMethod(message = "jobs.httpCaFile (HTTP_JOB_CA_FILE) must be a file that this process can read")
    public boolean isHttpCaFileReadable() {
        return httpCaFile.isBlank()
                || (Files.isRegularFile(Path.of(httpCaFile)) && Files.isReadable(Path.of(httpCaFile)));
    }

    @ValidationMethod(message = "jobs.beat must be at most a third of jobs.lease, so that two beats may be lost")
    public boolean isBeatOftenEnough() {
        return beat.toMilliseconds() * 3 <= lease.toMilliseconds();
    }

    @ValidationMethod(message = "jobs.pollMin must not be longer than jobs.pollMax")
    public boolean isPollRangeInOrder() {
        return pollMin.toMilliseconds() <= pollMax.toMilliseconds();
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
