package io.trayb.events;

import io.dropwizard.core.setup.Environment;
import io.trayb.http.ProblemWriter;
import io.trayb.keys.Callers;
import io.trayb.threads.DaemonThreads;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRegistration;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.io.EndPoint;
import redis.clients.jedis.Connection;
import redis.clients.jedis.UnifiedJedis;

/**
 * Everything about events in one process: the log's publisher and tail, the hub, and the endpoints. This is where its parts are
 * wired, and what the rest of the service sees of it. Thread-safe.
 */
public final class Events implements EventSink {
    /** The servlet at {@link #STREAM_PATH}; it takes a ticket in the place of a key. */
    public static final String STREAM_SERVLET = "events";

    /** The servlet at {@link #POLL_PATH}; it takes a ticket in the place of a key. */
    public static final String POLL_SERVLET = "events-poll";

    /** Where the stream is. */
    public static final String STREAM_PATH = "/api/v1/events";

    /** Where the long poll is. */
    public static final String POLL_PATH = "/api/v1/events/poll";

    /** The module that web pages follow events with. */
    public static final String CLIENT_PATH = "/client/trayb-events.js";

    /** On the admin port: where streams are switched on and off. */
    public static final String SWITCH_PATH = "/tasks/sse";

    /** The Redis hash that counts streams, deliveries and drops for operators. */
    public static final String COUNTERS_KEY = SseCounters.KEY;

    /** How long a stream may outlive its key, at most and beside how long the news takes to get here. */
    private static final Duration CHECK_KEYS = Duration.ofSeconds(1);

    private static final Duration FIRST_RECONNECT_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(2);

    /** The log may hold a node's hundred more than asked for, and the hub must remember all that it holds. */
    private static final long TRIMMING_SLACK = 1024;

    private final EventLog log;
    private final Tail tail;
    private final Hub hub;
    private final SseCounters counters;
    private final Heartbeats heartbeats;
    private final LostPeers lostPeers;
    private final EventTimer timer = new EventTimer("trayb-events-timer");
    private final ExecutorService writers;
    private final ExecutorService replays;
    private final StreamServlet streamServlet;
    private final PollServlet pollServlet;
    private final SwitchServlet switchServlet;
    private final TicketResource ticketResource;
    private final StreamDrain drain;
    private final Runnable endDead;

    /**
     * @param client reads the log and keeps the counters; needs as many connections as there are replay threads, and two more
     * @param connections makes connections to the present primary, for this part's own use; throws what Jedis throws when it is
     *     out of reach
     * @param problems answers what is refused
     * @param callers says whom the names in tickets stand for
     * @param observer hears what happens, to count it
     * @param random for epochs and jitter
     * @param clock the wall clock, to tell how old an event is when it arrives
     * @param nanoTime the monotonic clock, for time-outs
     */
    public Events(
            EventsConfiguration configuration,
            UnifiedJedis client,
            Supplier<Connection> connections,
            ProblemWriter problems,
            Callers callers,
            EventObserver observer,
            SecureRandom random,
            InstantSource clock,
            LongSupplier nanoTime) {
        CountingObserver counting = new CountingObserver(observer);
        RedisLog redisLog = new RedisLog(random);
        int processors = Runtime.getRuntime().availableProcessors();
        int writerThreads = configuration.writerThreads() == 0 ? processors : configuration.writerThreads();
        writers = Executors.newFixedThreadPool(writerThreads, DaemonThreads.numbered("trayb-events-writer"));
        replays = Executors.newFixedThreadPool(
                configuration.replayThreads(), DaemonThreads.numbered("trayb-events-replay"));

        Supplier<ReconnectDelay> delays =
                () -> new ReconnectDelay(FIRST_RECONNECT_DELAY, LONGEST_RECONNECT_DELAY, random);
        hub = new Hub(
                new RecentEvents(configuration.maxLength() + TRIMMING_SLACK),
                new RecentEntries(configuration.recentBytes().toBytes()));
        log = new EventLog(
                connections,
                redisLog,
                configuration.maxLength(),
                configuration.maxPending(),
                delays.get(),
                clock,
                nanoTime,
                counting);
        tail = new Tail(connections, redisLog, hub, delays.get(), clock, nanoTime, counting);
        Replayer replayer = new Replayer(new LogReader(client, redisLog), replays, timer);
        WaitingPolls.FollowerFactory followers = (caller, topics, outlet) ->
                new Follower(hub, replayer, new Subscription(topics, caller::sees), outlet, delays.get(), counting);

        StreamSwitch streamSwitch = new StreamSwitch(configuration.sseEnabled());
        PlacesPerKey perKey = new PlacesPerKey(configuration.maxOpenPerKey());
        OpenStreams streams = new OpenStreams(configuration.maxStreams(), perKey, timer, random);
        WaitingPolls polls =
                new WaitingPolls(configuration.maxPolls(), perKey, followers, timer, writers, problems, counting);
        StreamServlet.StreamOpener opener = new StreamServlet.StreamOpener() {
            @Override
            public StreamServlet.Opened open(
                    AsyncContext async, HttpOutput out, EndPoint endPoint, boolean chunked, Admission admitted) {
                FrameQueue queue = new FrameQueue(
                        configuration.queueEvents(), configuration.queueBytes().toBytes());
                StreamConnection stream = new StreamConnection(
                        async, out, endPoint, chunked, queue, writers, nanoTime, counting, streams, admitted.caller());
                return new StreamServlet.Opened(stream, followers.follow(admitted.caller(), admitted.topics(), stream));
            }
        };
        RetryDelay soon = new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(5), random);
        RetryDelay later = new RetryDelay(Duration.ofSeconds(20), Duration.ofSeconds(60), random);
        RetryDelay reconnect = new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(4), random);
        Tickets tickets = new Tickets(client, random, clock);
        ticketResource = new TicketResource(tickets);
        Admissions admissions = new Admissions(tickets, callers, problems, perKey, soon, counting);
        streamServlet = new StreamServlet(
                problems, admissions, streamSwitch, streams, opener, soon, later, reconnect, counting);
        pollServlet = new PollServlet(problems, admissions, polls, counting);
        endDead = () -> {
            streams.closeDead(later);
            polls.endDead();
        };
        switchServlet = new SwitchServlet(problems, streamSwitch, streams, later);
        Duration window = configuration.drainWindow().toJavaDuration();
        drain = new StreamDrain(streamSwitch, streams, polls, window, reconnect);
        heartbeats = new Heartbeats(
                streams,
                configuration.heartbeat().toJavaDuration(),
                configuration.writeTimeout().toJavaDuration());
        lostPeers = new LostPeers(streams, TcpTable.ofThisHost(), TcpTimeouts.ofThisHost());
        counters = new SseCounters(client, counting, HexFormat.of().toHexDigits(random.nextLong()));
    }

    /** Puts the endpoints on their ports. Whoever does that also starts and stops this part. */
    public void register(Environment environment) {
        addAsync(environment, STREAM_SERVLET, streamServlet, STREAM_PATH);
        addAsync(environment, POLL_SERVLET, pollServlet, POLL_PATH);
        environment.jersey().register(ticketResource);
        environment.servlets().addServlet("events-client", new ClientModule()).addMapping(CLIENT_PATH);
        environment.admin().addServlet("sse", switchServlet).addMapping(SWITCH_PATH);
    }

    private static void addAsync(Environment environment, String name, Servlet servlet, String path) {
        ServletRegistration.Dynamic registration = environment.servlets().addServlet(name, servlet);
        registration.setAsyncSupported(true);
        registration.addMapping(path);
    }

    @Override
    public void publish(List<Event> events) {
        log.publish(events);
    }

    /**
     * Tells every stream and poll on every node that events may be missing: for whoever notices that a process died. It is kept
     * until Redis can be reached. Never blocks and never throws.
     */
    public void publishGap(GapReason reason) {
        log.publishGap(reason);
    }

    /**
     * Hears each event of any node, as far as Redis is there; a hint, never the truth: after an outage or a gap events are missing.
     *
     * @param listener called on the one thread that follows the log, as soon as the event was read, perhaps before the streams get it, one event at a
     *     time and in the log's order; it must return at once. What it throws is logged, and the next event comes all the same.
     */
    public void listen(Consumer<Event> listener) {
        hub.listen(listener);
    }

    /** Starts the threads. */
    public void start() {
        log.start();
        tail.start();
        counters.start();
        heartbeats.startOn(timer);
        lostPeers.start();
        timer.every(CHECK_KEYS, endDead);
    }

    /**
     * Ends all streams, spread over {@code events.drainWindow}, and answers all polls; refuses new streams. To be called when the
     * server begins to stop and before it waits for its open requests: a stream is one that never ends by itself. Returns when
     * none is left, two seconds after the window at the latest.
     *
     * @throws InterruptedException when the stopping thread is interrupted; the server then closes what is still open
     */
    public void endStreams() throws InterruptedException {
        drain.run();
    }

    /**
     * Publishes what waits and ends the threads; nobody may publish any more. {@link #endStreams} goes before.
     *
     * @return false when events of this process are missing in the log, and a gap that would say so is too: then somebody else
     *     has to tell that this process was lost
     * @throws InterruptedException when the stopping thread is interrupted; the threads are daemons and don't keep the process
     */
    public boolean stop() throws InterruptedException {
        boolean told = log.stop();
        lostPeers.stop();
        tail.stop();
        counters.stop();
        timer.stop();
        replays.shutdownNow();
        writers.shutdown();
        if (!writers.awaitTermination(1, TimeUnit.SECONDS)) {
            writers.shutdownNow();
        }
        return told;
    }
}
