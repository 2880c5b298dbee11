package io.trayb.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Owns the thread {@code demo-events}: it reads the event stream, is woken by the network, connects again from its cursor when the stream
 * ends, and stops when this is closed or when the service stays away for {@value #RECONNECTS} tries, a second each.
 *
 * <p>What it has read waits in a bounded queue; while that is full the thread stops reading, so that the service sees a slow client, as it
 * is.
 */
final class EventFeed implements AutoCloseable {
    /** What the feed has to say: a block of the stream, or that there will be none any more. */
    sealed interface Signal {
        record Received(Block block) implements Signal {}

        record Lost(DemoException cause) implements Signal {}
    }

    static final int RECONNECTS = 30;
    private static final int CAPACITY = 1_000;

    private final TraybClient client;
    private final BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(CAPACITY);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile BlockReader reader;
    private @Nullable String cursor;

    /**
     * Connects before it returns, so that a refusal is told at once.
     *
     * @throws DemoException when the stream is refused or nothing answers
     */
    EventFeed(TraybClient client) {
        this.client = client;
        this.reader = client.events(null);
        this.thread = new Thread(this::read, "demo-events");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the next signal for at most that long; null when there was none. */
    @Nullable
    Signal poll(Duration patience) throws InterruptedException {
        return signals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Gives up the present connection, which has been silent past two heartbeats, for a new one from the same cursor. */
    void reconnect() {
        hangUp(reader);
    }

    private void read() {
        try {
            while (!isClosed()) {
                readToEnd();
                if (!isClosed()) {
                    connectAgain();
                }
            }
        } catch (InterruptedException e) {
            // Only close() interrupts this thread: nobody is left who waits for a signal.
            Thread.currentThread().interrupt();
        } catch (DemoException e) {
            // What is waiting goes: without its rest it would only put off the message.
            signals.clear();
            signals.add(new Signal.Lost(e));
        }
    }

    private void readToEnd() throws InterruptedException {
        try {
            for (Block block = reader.next(); block != null; block = reader.next()) {
                signals.put(new Signal.Received(block));
                if (block.id() != null) {
                    cursor = block.id();
                }
            }
        } catch (IOException e) {
            // The connection broke, or reconnect() or close() ended it: all the same as an end, from here the cursor
            // goes on.
            hangUp(reader);
        }
    }

    private void connectAgain() throws InterruptedException {
        for (int attempt = 1; !closed.await(1, TimeUnit.SECONDS); attempt++) {
            try {
                reader = client.events(cursor);
                if (isClosed()) {
                    hangUp(reader);
                }
                return;
            } catch (DemoException e) {
                if (attempt == RECONNECTS) {
                    throw e;
                }
            }
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private static void hangUp(BlockReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new DemoException("the event stream can't be closed", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        hangUp(reader);
        thread.interrupt();
    }
}
