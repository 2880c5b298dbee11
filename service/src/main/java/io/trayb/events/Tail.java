package io.trayb.events;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XReadParams;
import redis.clients.jedis.resps.StreamEntry;
import redis.clients.jedis.resps.StreamGroupInfo;
import redis.clients.jedis.resps.StreamInfo;

/**
 * Owns the thread {@code trayb-events-tail}, which follows the log for this whole process: woken by Redis as soon as an entry is
 * there and at least every second, stopped by {@link #stop()}.
 *
 * <p><b>Why it misses nothing unknowingly.</b> With each read it asks, on the same connection and after it, for the log's epoch
 * and first entry. Epochs never come back, so if the epoch is still the known one, the entries are of that epoch. The log is
 * trimmed from its front only, so if its first entry isn't after the last one seen, nothing in between had been trimmed when
 * the entries were read. If either doesn't hold, all are told a gap before anything else is handed out; the first entry's check
 * may err on that side.
 */
final class Tail {
    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    /** A full batch means more is waiting, and is read without a pause. */
    private static final int BATCH = 1000;

    /** An emptied log wakes nobody, so the longest that it can go unnoticed. */
    private static final Duration BLOCK = Duration.ofSeconds(1);

    /** Longer than Redis may block, and short enough to notice a server that is gone without a word. */
    private static final Duration SOCKET_TIMEOUT = BLOCK.plusSeconds(2);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Connection> connections;
    private final RedisLog redisLog;
    private final Hub hub;
    private final ReconnectDelay reconnectDelay;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Rounds rounds;
    private final EventObserver observer;
    private final FrameEncoder encoder;
    private final Thread thread = new Thread(this::run, "trayb-events-tail");
    private final CountDownLatch stopping = new CountDownLatch(1);
    /** What was read and is yet to be handed out: a few at a time, which cost hardly more than one. */
    private final List<LogEntry> gathered = new ArrayList<>();

    /** How many streams the coming round is for, about. */
    private int concerned;

    /** What has been read. */
    private Cursor position = Cursor.UNKNOWN;

    private boolean away;
    private volatile @Nullable Connection current;

    /**
     * @param connections makes connections to the present primary; throws what Jedis throws when it is out of reach
     * @param clock the wall clock, to tell how old an event is when it arrives
     * @param nanoTime the monotonic clock, to tell how long it takes from here to the sockets
     */
    Tail(
            Supplier<Connection> connections,
            RedisLog redisLog,
            Hub hub,
            ReconnectDelay reconnectDelay,
            InstantSource clock,
            LongSupplier nanoTime,
            EventObserver observer) {
        this.connections = Objects.requireNonNull(connections, "connections");
        this.redisLog = Objects.requireNonNull(redisLog, "redisLog");
        this.hub = Objects.requireNonNull(hub, "hub");
        this.reconnectDelay = Objects.requireNonNull(reconnectDelay, "reconnectDelay");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.rounds = new Rounds(nanoTime.getAsLong());
        this.encoder = FrameEncoder.shared(nanoTime);
        this.observer = Objects.requireNonNull(observer, "observer");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread, and the connection on which it waits. */
    void stop() throws InterruptedException {
        stopping.countDown();
        Connection waiting = current;
        if (waiting != null) {
            try {
                waiting.forceDisconnect();
            } catch (IOException e) {
                // Then the thread ends when its present read does, within a second.
                LOG.debug("Disconnecting from the event log failed", e);
            }
        }
        thread.join(STOP_TIMEOUT.toMillis());
        thread.interrupt();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void run() {
        try {
            do {
                try (Connection connection = connections.get()) {
                    current = connection;
                    connection.setSoTimeout((int) SOCKET_TIMEOUT.toMillis());
                    join(redisLog.open(connection));
                    follow(connection);
                } catch (JedisException e) {
                    lost(e);
                } catch (RuntimeException | Error e) {
                    // A defect of ours, or a lack of something that passes. The next round goes on where this one was
                    // broken off. Without this thread no stream would ever be told anything.
                    observer.logReachable(false);
                    LOG.error("Following the event log failed, trying again", e);
                }
            } while (!stopping.await(reconnectDelay.next().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // stop() has waited long enough; the thread ends here.
            Thread.currentThread().interrupt();
        }
    }

    private void lost(JedisException e) {
        if (isStopping()) {
            return;
        }
        observer.logReachable(false);
        if (!away) {
            away = true;
            LOG.warn("The event log is out of reach, streams stay open on heartbeats: {}", e.toString());
        }
    }

    /** Takes up the log as it is now: where it was left, or, if that place is gone, with a gap. */
    private void join(RedisLog.LogState log) {
        reconnectDelay.reset();
        away = false;
        observer.logReachable(true);
        if (position.equals(Cursor.UNKNOWN)) {
            // Whoever came before the log was reached can't know what they missed since.
            jump(log.lastCursor(), GapReason.LOG_LOST);
            LOG.info("Following the event log from {}", position);
        } else if (!position.epoch().equals(log.epoch())) {
            LOG.warn(
                    "The event log has a new epoch: it was emptied, restarted or taken over; all streams are told a gap");
            jump(log.startCursor(), GapReason.LOG_LOST);
        } else if (position.id().isAfter(log.last())) {
            LOG.warn("The event log ends before the last entry seen; all streams are told a gap");
            jump(log.lastCursor(), GapReason.LOG_LOST);
        }
    }

    private void follow(Connection connection) {
        try {
            while (!isStopping()) {
                readOn(connection, actIfDue());
            }
        } finally {
            // Whatever was read before the connection broke.
            flush();
        }
    }

    /** Hands out what was read, and has streams written to, if it is time; says how long to look for more: whole milliseconds, at least one. */
    private Duration actIfDue() {
        if (!rounds.isGathering()) {
            return BLOCK;
        }
        long now = nanoTime.getAsLong();
        long millis = toMillis(rounds.dueIn(concerned, now));
        if (millis <= 0) {
            flush();
            return BLOCK;
        }
        if (gathered.isEmpty()) {
            return Duration.ofMillis(millis);
        }
        long handingMillis = toMillis(rounds.handingDueIn(now));
        if (handingMillis <= 0) {
            handOut();
            return Duration.ofMillis(millis);
        }
        return Duration.ofMillis(Math.min(millis, handingMillis));
    }

    private static long toMillis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    private void flush() {
        handOut();
        concerned = 0;
        rounds.begin(hub.unflushed(), nanoTime.getAsLong());
        hub.flush();
    }

    /** If it fails, the rest is handed out the next time. */
    private void handOut() {
        if (gathered.isEmpty()) {
            return;
        }
        hub.publish(gathered);
        long now = clock.millis();
        for (LogEntry entry : gathered) {
            if (entry instanceof LogEntry.Change change) {
                observer.reachedHub(Math.max(0, now - change.committedAtMs()));
            }
        }
        gathered.clear();
        rounds.hand(concerned, nanoTime.getAsLong());
    }

    private void readOn(Connection connection, Duration atMost) {
        Pipeline pipeline = new Pipeline(connection);
        Response<@Nullable List<Map.Entry<String, List<StreamEntry>>>> read = read(pipeline, atMost);
        Response<List<StreamGroupInfo>> groups = pipeline.xinfoGroups(RedisLog.KEY);
        Response<StreamInfo> info = pipeline.xinfoStream(RedisLog.KEY);
        pipeline.sync();
        if (!isOfOurEpoch(groups)) {
            join(redisLog.open(connection));
            return;
        }
        tellIfTrimmed(info.get());
        List<Map.Entry<String, List<StreamEntry>>> streams = read.get();
        if (streams != null) {
            streams.forEach(stream -> gather(stream.getValue()));
        }
    }

    @SuppressWarnings("NullAway") // Jedis says nothing about it, but a read that timed out gives null.
    private Response<@Nullable List<Map.Entry<String, List<StreamEntry>>>> read(Pipeline pipeline, Duration atMost) {
        return pipeline.xread(
                XReadParams.xReadParams().count(BATCH).block((int) atMost.toMillis()),
                Map.of(RedisLog.KEY, position.id().toRedis()));
    }

    private boolean isOfOurEpoch(Response<List<StreamGroupInfo>> groups) {
        try {
            Optional<String> epoch = RedisLog.epochOf(groups.get());
            return epoch.isPresent() && epoch.get().equals(position.epoch());
        } catch (JedisDataException e) {
            if (RedisLog.saysThereIsNoLog(e)) {
                return false;
            }
            throw e;
        }
    }

    private void tellIfTrimmed(StreamInfo info) {
        EntryId first = LogReader.firstOf(info, position.id());
        if (first.isAfter(position.id())) {
            LOG.warn("This node fell behind the event log by more than it keeps; all streams are told a gap");
            jump(position.at(first.previous()), GapReason.TRIMMED);
        }
    }

    private void gather(List<StreamEntry> read) {
        List<LogEntry> entries = new ArrayList<>(read.size());
        for (StreamEntry entry : read) {
            entries.add(LogEntry.parse(entry, position.epoch(), encoder));
        }
        if (entries.isEmpty()) {
            return;
        }
        gathered.addAll(entries);
        concerned = Math.max(concerned, hub.followersOf(entries));
        rounds.gather(nanoTime.getAsLong());
        EntryId last = entries.get(entries.size() - 1).id();
        position = position.at(last);
        observer.tailLag(Duration.ofMillis(Math.max(0, clock.millis() - last.ms())));
        hub.announce(entries);
        if (gathered.size() >= BATCH) {
            handOut();
        }
    }

    private void jump(Cursor to, GapReason reason) {
        flush();
        hub.jump(to, reason);
        // Last, so that a jump that failed is made once more.
        position = to;
    }
}
