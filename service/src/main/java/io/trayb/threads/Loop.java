package io.trayb.threads;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does one thing again and again. It is woken by {@link #wake()} or by the pause that each round asks for, and
 * stops after the round it is in. A round that throws is logged (once until one succeeds or fails with something else) and tried
 * again after a second; that goes for errors too, such as a lack of memory or threads, which passes. Only an error after which
 * this JVM can't be trusted ends the thread, and {@link #isAlive()} tells.
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
    /** What the last round failed with, or null if it didn't. */
    private @Nullable Class<?> failing;

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

    /** Whether the thread is gone; or was never started. */
    public boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Asks the thread to end after its round. Never blocks. */
    public void endAfterRound() {
        stopping = true;
        signal.raise();
    }

    /** Asks the thread to end after its round, and waits for it; interrupts it when it takes longer than that. */
    public void stop(Duration atMost) throws InterruptedException {
        endAfterRound();
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
            if (stopping) {
                LOGGER.debug("{} was interrupted at its stop", name);
            } else {
                LOGGER.error("{} has ended: somebody interrupted it. Restart this process.", name);
            }
        }
    }

    private Duration runOnce() throws InterruptedException {
        try {
            Duration pause = round.run();
            if (failing != null) {
                failing = null;
                LOGGER.info("{} works again", name);
            }
            return pause;
        } catch (RuntimeException e) {
            // Nothing of a failed round is kept: each is one transaction or none. The next one starts afresh.
            if (isNew(e)) {
                LOGGER.warn("{} failed and is tried every second: {}", name, e.getMessage());
                LOGGER.debug("{} failed", name, e);
            }
            return AFTER_FAILURE;
        } catch (Error e) {
            if (isFatal(e)) {
                LOGGER.error("{} has ended: this JVM is broken. Restart this process.", name, e);
                throw e;
            }
            // As above; and what was lacking may be there again in a second.
            if (isNew(e)) {
                LOGGER.error(
                        "{} was cut short by an error and is tried every second; until it works again this process doesn't do its"
                                + " part",
                        name,
                        e);
            }
            return AFTER_FAILURE;
        }
    }

    private boolean isNew(Throwable thrown) {
        Class<?> before = failing;
        failing = thrown.getClass();
        return failing != before;
    }

    /** Whether it says that the JVM itself is broken, and not that something is lacking or that a class has a defect. */
    private static boolean isFatal(Error thrown) {
        return thrown instanceof VirtualMachineError
                && !(thrown instanceof OutOfMemoryError)
                && !(thrown instanceof StackOverflowError);
    }
}
