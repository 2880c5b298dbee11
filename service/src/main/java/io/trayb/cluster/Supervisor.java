package io.trayb.cluster;

import io.trayb.cluster.Orders.Order;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the processes of a cluster running until it is told to stop. One loop, on the thread that calls {@link #run}, does all that
 * is done; other threads give it {@link Orders}. The loop never waits for a process, and looks at all of them
 * ten times a second. What fails in it is left out, and the loop goes on: with the loop, all processes would end.
 */
final class Supervisor {
    private static final Logger LOGGER = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final List<Slot> slots;
    private final RollingRestart rolling;
    private final ClusterConfiguration configuration;
    private final Consumer<List<ProcessState>> onChange;
    private final Orders orders;
    private final LoopClock clock;
    private final Guard guard;
    private List<ProcessState> states = List.of();
    private boolean wereAllReady;
    private boolean stopping;
    private boolean killing;
    private long stoppingSince;
    private @Nullable String hopeless;

    /**
     * @param onChange told of each change of the processes' states, on the loop's thread
     * @param clock that of the slots; turned here
     */
    Supervisor(
            List<Slot> slots,
            ClusterConfiguration configuration,
            Consumer<List<ProcessState>> onChange,
            Orders orders,
            LoopClock clock) {
        this.slots = List.copyOf(slots);
        this.rolling = new RollingRestart(slots);
        this.configuration = configuration;
        this.onChange = onChange;
        this.orders = orders;
        this.clock = clock;
        this.guard = new Guard(clock);
    }

    /**
     * Starts the processes, unless it was told to stop before; returns when it was told to stop and all of them have ended.
     *
     * @throws GaveUpException when they die again and again, and all have ended
     */
    void run() throws InterruptedException {
        if (!orders.beginLoop()) {
            LOGGER.info("Told to stop before any process was started");
            return;
        }
        try {
            loop();
        } finally {
            orders.endLoop();
        }
        if (hopeless != null) {
            throw new GaveUpException(hopeless);
        }
    }

    private void loop() throws InterruptedException {
        forEach("starting", Slot::start);
        while (!slots.stream().allMatch(Slot::hasEnded)) {
            Order order = orders.poll(TICK.toMillis());
            clock.turn();
            if (order == Order.STOP) {
                beginToStop("Stopping all processes");
            } else if (order == Order.RESTART && !stopping) {
                rolling.ask();
            }
            forEach("looking after", Slot::look);
            if (stopping) {
                killThoseThatDoNotEnd();
            } else {
                guard.run("the rolling restart", rolling::look);
                giveUpIfHopeless();
            }
            guard.run("telling of changes", this::tellChanges);
        }
    }

    private void forEach(String what, Consumer<Slot> step) {
        slots.forEach(slot -> guard.run(what + " " + slot.name(), () -> step.accept(slot)));
    }

    private void beginToStop(String why) {
        if (stopping) {
            LOGGER.warn("Told to stop once more: killing what hasn't ended");
            killing = true;
            return;
        }
        LOGGER.info("{}", why);
        stopping = true;
        stoppingSince = clock.getAsLong();
        rolling.stop();
        forEach("stopping", Slot::stop);
    }

    private void killThoseThatDoNotEnd() {
        long waited = Duration.ofNanos(clock.getAsLong() - stoppingSince).toMillis();
        if (!killing && waited > configuration.stopWithin().toMilliseconds()) {
            LOGGER.error("Some processes haven't ended within {}: killing them", configuration.stopWithin());
            killing = true;
        }
        if (killing) {
            forEach("killing", Slot::kill);
        }
    }

    /** As long as one process may serve, going on is better: whoever is paged can still look, and clients are answered. */
    private void giveUpIfHopeless() {
        if (slots.stream().allMatch(Slot::isHopeless)) {
            hopeless = "gave up, since nothing is served any more: "
                    + slots.get(0).fate() + ". What it said itself is above.";
            beginToStop("Giving up");
        }
    }

    private void tellChanges() {
        List<ProcessState> now = slots.stream().map(Slot::state).toList();
        if (now.equals(states)) {
            return;
        }
        states = now;
        onChange.accept(now);
        boolean areAllReady = slots.stream().allMatch(Slot::isReady);
        if (areAllReady && !wereAllReady) {
            LOGGER.info(
                    "All {} processes are ready. SIGHUP (kill -HUP {}) restarts them one after the other; Ctrl-C stops them",
                    slots.size(),
                    ProcessHandle.current().pid());
        }
        wereAllReady = areAllReady;
    }
}
