package io.trayb.cluster;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the supervisor is told by signals. They are heard from before the embedded engines are started until the process has ended: a
 * signal that ended the JVM in between would leave the engines running. Thread-safe.
 *
 * <pre>
 *   engines start    │  the loop runs        │  engines stop
 *   stop: kept       │  stop: all in order   │
 *   once more: halt  │  once more: kill all  │  once more: halt
 * </pre>
 */
final class Orders {
    private static final Logger LOGGER = LoggerFactory.getLogger(Orders.class);
    /** What a shell says of a process that was ended by SIGTERM. */
    private static final int ENDED_BY_SIGNAL = 128 + 15;

    enum Order {
        STOP,
        RESTART
    }

    private final BlockingQueue<Order> queue = new LinkedBlockingQueue<>();
    private final IntConsumer halt;
    private boolean toldToStop;
    private boolean looping;

    /** @param halt ends this process at once, with a code */
    Orders(IntConsumer halt) {
        this.halt = halt;
    }

    /** End all processes in good order; a second time, without waiting for that. */
    synchronized void stop() {
        if (toldToStop && !looping) {
            LOGGER.warn(
                    "Told to stop once more: ending at once. An embedded engine that still runs is taken over by the next start");
            halt.accept(ENDED_BY_SIGNAL);
        }
        toldToStop = true;
        queue.add(Order.STOP);
    }

    /** The terminal is gone, of which one is told by several: the same as {@link #stop}, but never a second time. */
    synchronized void hangUp() {
        if (!toldToStop) {
            stop();
        }
    }

    /** Replace all processes, one after the other. */
    void restart() {
        queue.add(Order.RESTART);
    }

    /** Waits for the next one, until the time is over. */
    @Nullable
    Order poll(long millis) throws InterruptedException {
        return queue.poll(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * The loop begins, if it is to: what is started now needn't be replaced.
     *
     * @return false when it was told to stop before
     */
    synchronized boolean beginLoop() {
        queue.removeIf(order -> order == Order.RESTART);
        looping = !toldToStop;
        return looping;
    }

    synchronized void endLoop() {
        looping = false;
    }
}
