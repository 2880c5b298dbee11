package io.trayb.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDataSize;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The {@code events:} block of the configuration. Immutable; what isn't set has its default.
 *
 * @param sseEnabled whether event streams are offered at start; polls always are
 * @param maxLength how many entries the log keeps, about: Redis trims whole nodes of a hundred
 * @param maxPending how many events may wait in this process for the log; more are told as a gap
 * @param maxStreams how many streams this process carries; more are refused with 503
 * @param maxPolls how many polls may wait in this process; more are refused with 503
 * @param queueEvents how many frames may wait for one connection before it goes back to reading the log
 * @param queueBytes how many bytes may wait for one connection before it goes back to reading the log
 * @param recentBytes how many bytes of the log's end are kept in memory, about: who falls behind, or comes back, no further than
 *     that reads them from there, and the log in Redis isn't read for each
 * @param heartbeat how often each stream gets a sign of life with the present cursor
 * @param writeTimeout a client that takes nothing for so long is cut off
 * @param drainWindow over what time a stopping process spreads the end of its streams
 * @param replayThreads how many threads read the log for connections that aren't at its end
 * @param writerThreads how many threads write to sockets; 0 means one for each processor
 * @param maxOpenPerKey how many streams and polls one API key may have open in this process; more are refused with 429
 */
public record EventsConfiguration(
        boolean sseEnabled,
        @Min(100) @Max(10_000_000) long maxLength,
        @Min(100) @Max(1_000_000) int maxPending,
        @Min(0) @Max(1_000_000) int maxStreams,
        @Min(0) @Max(1_000_000) int maxPolls,
        @Min(1) @Max(100_000) int queueEvents,
        @NotNull @MinDataSize(1024) DataSize queueBytes,
        @NotNull DataSize recentBytes,

        @NotNull
        @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        @MaxDuration(value = 60, unit = TimeUnit.SECONDS)
        Duration heartbeat,

        @NotNull
        @MinDuration(value = 100, unit = TimeUnit.MILLISECONDS)
        @MaxDuration(value = 10, unit = TimeUnit.MINUTES)
        Duration writeTimeout,

        @NotNull @MinDuration(value = 0, unit = TimeUnit.MILLISECONDS) @MaxDuration(value = 60, unit = TimeUnit.SECONDS)
        Duration drainWindow,

        @Min(1) @Max(64) int replayThreads,
        @Min(0) @Max(256) int writerThreads,
        @Min(1) @Max(1_000_000) int maxOpenPerKey) {

    /** As the HTTP contract promises it. */
    public static final long DEFAULT_MAX_LENGTH = 200_000;

    /** Redis' {@code MEMORY USAGE} says 255 bytes for each of 15,000 events of small jobs; longer names take more. */
    private static final long ENTRY_BYTES = 300;

    /** Some seconds of the highest rate that one process commits. */
    public static final int DEFAULT_MAX_PENDING = 50_000;

    /** What the reference machine's limit of open files leaves room for. */
    public static final int DEFAULT_MAX_STREAMS = 19_000;

    public static final int DEFAULT_MAX_POLLS = 5_000;

    /**
     * Four seconds of 300 jobs a second, three events each: longer than a process stands still when the machine is full. With a
     * quarter of that, a thousand streams that had fallen behind all read the log again at once, and never caught up.
     */
    public static final int DEFAULT_QUEUE_EVENTS = 4_000;

    public static final DataSize DEFAULT_QUEUE_BYTES = DataSize.mebibytes(1);

    /** Some 30,000 events of the usual size. */
    public static final DataSize DEFAULT_RECENT_BYTES = DataSize.mebibytes(32);

    /** As the HTTP contract promises it; also below the 30 s and 60 s after which proxies cut off silent connections. */
    public static final Duration DEFAULT_HEARTBEAT = Duration.seconds(15);

    /** Two heartbeats, so that a peer that is gone is gone by then. */
    public static final Duration DEFAULT_WRITE_TIMEOUT = Duration.seconds(30);

    public static final Duration DEFAULT_DRAIN_WINDOW = Duration.seconds(5);

    public static final int DEFAULT_REPLAY_THREADS = 2;

    /** One for each processor. */
    public static final int DEFAULT_WRITER_THREADS = 0;

    /** All that a process carries: one key may be that of a whole web site. */
    public static final int DEFAULT_MAX_OPEN_PER_KEY = DEFAULT_MAX_STREAMS;

    /** From a configuration file, in which everything may be left out. */
    @JsonCreator
    public static EventsConfiguration of(
            @JsonProperty("sseEnabled") @Nullable Boolean sseEnabled,
            @JsonProperty("maxLength") @Nullable Long maxLength,
            @JsonProperty("maxPending") @Nullable Integer maxPending,
            @JsonProperty("maxStreams") @Nullable Integer maxStreams,
            @JsonProperty("maxPolls") @Nullable Integer maxPolls,
            @JsonProperty("queueEvents") @Nullable Integer queueEvents,
            @JsonProperty("queueBytes") @Nullable DataSize queueBytes,
            @JsonProperty("recentBytes") @Nullable DataSize recentBytes,
            @JsonProperty("heartbeat") @Nullable Duration heartbeat,
            @JsonProperty("writeTimeout") @Nullable Duration writeTimeout,
            @JsonProperty("drainWindow") @Nullable Duration drainWindow,
            @JsonProperty("replayThreads") @Nullable Integer replayThreads,
            @JsonProperty("writerThreads") @Nullable Integer writerThreads,
            @JsonProperty("maxOpenPerKey") @Nullable Integer maxOpenPerKey) {
        return new EventsConfiguration(
                orElse(sseEnabled, true),
                orElse(maxLength, DEFAULT_MAX_LENGTH),
                orElse(maxPending, DEFAULT_MAX_PENDING),
                orElse(maxStreams, DEFAULT_MAX_STREAMS),
                orElse(maxPolls, DEFAULT_MAX_POLLS),
                orElse(queueEvents, DEFAULT_QUEUE_EVENTS),
                orElse(queueBytes, DEFAULT_QUEUE_BYTES),
                orElse(recentBytes, DEFAULT_RECENT_BYTES),
                orElse(heartbeat, DEFAULT_HEARTBEAT),
                orElse(writeTimeout, DEFAULT_WRITE_TIMEOUT),
                orElse(drainWindow, DEFAULT_DRAIN_WINDOW),
                orElse(replayThreads, DEFAULT_REPLAY_THREADS),
                orElse(writerThreads, DEFAULT_WRITER_THREADS),
                orElse(maxOpenPerKey, DEFAULT_MAX_OPEN_PER_KEY));
    }

    /** About how many bytes the log takes in Redis when it is full. */
    public long logBytes() {
        return maxLength * ENTRY_BYTES;
    }

    /** Everything at its default. */
    public static EventsConfiguration defaults() {
        return of(null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
