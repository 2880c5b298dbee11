package io.trayb.events;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.XAddParams;

/**
 * Owns the thread {@code trayb-events-publisher}, which adds to the log: woken by events, gaps and every few seconds, stopped by
 * {@link #stop()}.
 *
 * <p>What comes while one round trip is under way goes with the next one, in one pipeline. While Redis is away, events are
 * counted as lost and a gap is owed, which goes to the log, and so to every node, as soon as Redis is back. A batch whose
 * answer is missing isn't sent again: it may have been added, and an event twice is worse than a gap that is told.
 *
 * <p>Thread-safe.
 */
final class EventLog implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    /** Events in one pipeline: enough that the round trip no longer counts, few enough to answer within milliseconds. */
    private static final int BATCH = 512;

    /** A connection that something on the way has cut is found while nothing depends on it. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(3);

    /**
     * A connection that was silent for this long is asked before a batch is put at risk on it: a failover takes longer than
     * this, and a round trip before the first event after a silence costs nobody anything.
     */
    private static final Duration TRUSTED = Duration.ofMillis(100);

    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<Connection> connections;
    private final RedisLog redisLog;
    private final XAddParams adding;
    private final Outbox outbox;
    private final ReconnectDelay reconnectDelay;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final EventObserver observer;
    private final Thread thread = new Thread(this::run, "trayb-events-publisher");
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Connection connection;
    private long answeredAtNanos;
    private boolean away;
    private long lostWhileAway;

    /**
     * @param connections makes connections to the present primary; throws what Jedis throws when it is out of reach
     * @param maxLength how many entries the log keeps, about
     * @param maxPending how many events may wait while Redis is slow
     * @param clock the wall clock, from which other nodes tell how long an event took to them
     * @param ticker the monotonic clock, in nanoseconds
     */
    EventLog(
            Supplier<Connection> connections,
            RedisLog redisLog,
            long maxLength,
            int maxPending,
            ReconnectDelay reconnectDelay,
            InstantSource clock,
            LongSupplier ticker,
            EventObserver observer) {
        this.connections = Objects.requireNonNull(connections, "connections");
        this.redisLog = Objects.requireNonNull(redisLog, "redisLog");
        this.adding = XAddParams.xAddParams().noMkStream().maxLen(maxLength).approximateTrimming();
        this.outbox = new Outbox(maxPending);
        this.reconnectDelay = Objects.requireNonNull(reconnectDelay, "reconnectDelay");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.ticker = Objects.requireNonNull(ticker, "ticker");
        this.observer = Objects.requireNonNull(observer, "observer");
        thread.setDaemon(true);
    }

    @Override
    public void publish(List<Event> events) {
        int refused = outbox.offer(events, clock.millis());
        if (refused > 0) {
            observer.publishFailed(refused);
        }
    }

    /** Tells every stream on every node that something may be missing; kept until Redis can be reached. Never blocks. */
    void publishGap(GapReason reason) {
        outbox.owe(Set.of(reason));
    }

    void start() {
        thread.start();
    }

    /**
     * Adds what still waits, if Redis can be reached, and ends the thread.
     *
     * @return false when a gap is still owed to the log: then somebody else has to tell that this node was lost
     */
    boolean stop() throws InterruptedException {
        stopping.countDown();
        outbox.close();
        thread.join(STOP_TIMEOUT.toMillis());
        thread.interrupt();
        boolean told = outbox.isEmpty() && !thread.isAlive();
        if (!told) {
            LOG.error("Stopped while Redis is out of reach: a gap in the event log couldn't be told");
        }
        return told;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void run() {
        try {
            while (!isStopping() || !outbox.isEmpty()) {
                Connection open = connection;
                if (open == null) {
                    open = connect();
                }
                if (open == null) {
                    if (pauseOrStop()) {
                        return;
                    }
                    continue;
                }
                Outbox.Batch batch = outbox.take(BATCH, KEEP_ALIVE.toNanos());
                if (!answers(open)) {
                    outbox.putBack(batch);
                    disconnect();
                } else if (!send(open, batch) && pauseOrStop()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // stop() has waited long enough; what is left is told by its return value.
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    /** Waits before the next attempt; returns whether there shall be none. */
    private boolean pauseOrStop() throws InterruptedException {
        return isStopping() || stopping.await(reconnectDelay.next().toMillis(), TimeUnit.MILLISECONDS);
    }

    private @Nullable Connection connect() {
        Connection opened = null;
        try {
            opened = connections.get();
            opened.setSoTimeout((int) SOCKET_TIMEOUT.toMillis());
            redisLog.open(opened);
            connection = opened;
            answeredAtNanos = ticker.getAsLong();
            LOG.info("Publishing to the event log, {} events were lost before", lostWhileAway);
            lostWhileAway = 0;
            away = false;
            return opened;
        } catch (JedisException e) {
            if (!away) {
                away = true;
                LOG.warn("The event log is out of reach; what is lost meanwhile is told as a gap: {}", e.toString());
            }
            gaveUp(opened);
            return null;
        } catch (RuntimeException | Error e) {
            // A defect of ours, or a lack of something that passes. Without this thread nobody would ever hear of an
            // event.
            LOG.error("Opening the event log failed, trying again; what is lost meanwhile is told as a gap", e);
            gaveUp(opened);
            return null;
        }
    }

    private void gaveUp(@Nullable Connection opened) {
        if (opened != null) {
            closeQuietly(opened);
        }
        int lost = outbox.discard();
        lostWhileAway += lost;
        observer.publishFailed(lost);
    }

    /** Asks a connection that was silent for a while; whether it can be written to. */
    private boolean answers(Connection open) {
        if (ticker.getAsLong() - answeredAtNanos < TRUSTED.toNanos()) {
            return true;
        }
        try {
            open.ping();
            answered();
            return true;
        } catch (JedisException e) {
            // Nothing was sent, so nothing is lost but the connection; whether there is a better one is for connect()
            // to say.
            LOG.info("The connection to the event log was cut, making another: {}", e.toString());
            return false;
        } catch (RuntimeException | Error e) {
            // As in connect().
            LOG.error("Asking whether the event log is there failed, making another connection", e);
            return false;
        }
    }

    private void answered() {
        answeredAtNanos = ticker.getAsLong();
        reconnectDelay.reset();
    }

    /** Returns false when the connection is no more, since something failed; a gap is then owed for the batch. */
    private boolean send(Connection open, Outbox.Batch batch) {
        if (batch.isEmpty()) {
            return true;
        }
        try {
            int added = add(open, batch);
            if (added == 0 && !batch.events().isEmpty()) {
                // The stream is gone, so not one entry was added: begin a new epoch and add them to that.
                redisLog.open(open);
                added = add(open, batch);
            }
            observer.published(added);
            if (added < batch.events().size()) {
                // The stream vanished in the middle; its new epoch tells everybody.
                observer.publishFailed(batch.events().size() - added);
            }
            answered();
            return true;
        } catch (JedisException e) {
            LOG.warn(
                    "Adding {} events to the log failed, a gap will be told: {}",
                    batch.events().size(),
                    e.toString());
            lost(batch);
            return false;
        } catch (RuntimeException | Error e) {
            // As in connect().
            LOG.error(
                    "Adding {} events to the log failed, a gap will be told",
                    batch.events().size(),
                    e);
            lost(batch);
            return false;
        }
    }

    private void lost(Outbox.Batch batch) {
        Set<GapReason> owed = EnumSet.noneOf(GapReason.class);
        owed.addAll(batch.gaps());
        if (!batch.events().isEmpty()) {
            owed.add(GapReason.LOG_LOST);
        }
        outbox.owe(owed);
        disconnect();
        lostWhileAway += batch.events().size();
        observer.publishFailed(batch.events().size());
    }

    /** Returns how many of the events were added. */
    private int add(Connection open, Outbox.Batch batch) {
        Pipeline pipeline = new Pipeline(open);
        List<Response<StreamEntryID>> gaps = new ArrayList<>(batch.gaps().size());
        for (GapReason gap : batch.gaps()) {
            gaps.add(pipeline.xadd(RedisLog.KEY, adding, LogEntry.fields(gap)));
        }
        List<Response<StreamEntryID>> answers = new ArrayList<>(batch.events().size());
        for (Outbox.Pending pending : batch.events()) {
            answers.add(pipeline.xadd(RedisLog.KEY, adding, LogEntry.fields(pending.event(), pending.committedAtMs())));
        }
        pipeline.sync();
        // Each answer throws if Redis refused that one entry. A gap that found no stream needs no second try: what made
        // the stream vanish is told to everybody as a new epoch.
        gaps.forEach(Response::get);
        int added = 0;
        for (Response<StreamEntryID> answer : answers) {
            if (answer.get() != null) {
                added++;
            }
        }
        return added;
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            closeQuietly(open);
        }
    }

    private static void closeQuietly(Connection open) {
        try {
            open.close();
        } catch (RuntimeException e) {
            // It was to be thrown away, and is.
            LOG.debug("Closing a connection to Redis failed", e);
        }
    }
}
