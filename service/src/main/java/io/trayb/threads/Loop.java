package io.trayb.threads;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one thing again and again. It is woken by {@link #wake()} or by the pause that each round asks for, and
 * stops after the round it is in. A round that throws is logged (once until one succeeds) and tried again after a second.
 */
public final class Loop {
    /** One round. */
    @FunctionalInterface
    public interface Round {
        /** Does the work and returns how long to wait for a wake-up until the next round. */
        Duration run() throws InterruptedException;
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(Loop.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final String name;
    private final Round round;
    private final Signal signal = new Signal();
    private final Thread thread;
    private volatile boolean stopping;
    private boolean failing;

    /** @param name the thread's, after {@code trayb-} */
    public Loop(String name, Round round) {
        this.name = name;
        this.round = round;
        this.thread = new Thread(this::run, "trayb-" + name);
        this.thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Ends the present pause, or lets the next one end at once. Never blocks. */
    public void wake() {
        signal.raise();
    }

    /** Whether the thread runs and wasn't asked to stop. */
    public boolean isAlive() {
        return thread.isAlive() && !stopping;
    }

    /** Asks the thread to end after its round, and waits for it; interrupts it when it takes longer than that. */
    public void stop(Duration atMost) throws InterruptedException {
        stopping = true;
        signal.raise();
        thread.join(Math.max(1, atMost.toMillis()));
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join(AFTER_FAILURE.toMillis());
        }
    }

    private void run() {
        try {
            while (!stopping) {
                signal.await(runOnce());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOGGER.debug("{} was interrupted at its stop", name);
        }
    }

    private Duration runOnce() throws InterruptedException {
        try {
            Duration pause = round.run();
            if (failing) {
                failing = false;
                LOGGER.info("{} works again", name);
            }
            return pause;
        } catch (RuntimeException e) {
            // Nothing of a failed round is kept: each is one transaction or none. The next one starts afresh.
            if (!failing) {
                failing = true;
                LOGGER.warn("{} failed and is tried every second: {}", name, e.getMessage());
                LOGGER.debug("{} failed", name, e);
            }
            return AFTER_FAILURE;
        }
    }
}
