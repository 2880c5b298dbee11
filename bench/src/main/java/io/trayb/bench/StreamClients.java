package io.trayb.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many event streams on one thread, read as cheaply as Java can, so that the client costs little of what is measured: it looks for
 * each event's time in the bytes as they come, and for nothing else. Owns the thread {@code bench-streams}, from its making to
 * {@link #close()}.
 *
 * <p>A delay is counted from the event's {@code at}, the change in the database, to the moment at which its bytes were read here, by
 * the same clock, in milliseconds.
 */
final class StreamClients implements AutoCloseable {
    private static final int MOST_CONNECTING = 200;
    private static final int READ_BYTES = 256 * 1024;
    private static final int LONGEST_MS = 600_000;
    private static final int DIGITS = 3;
    private static final Duration SELECT = Duration.ofMillis(20);

    private final int port;
    private final int streams;
    private final byte[] request;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] bytes = new byte[READ_BYTES];
    private final Thread thread = new Thread(this::run, "bench-streams");
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicLong delivered = new AtomicLong();
    private final Histogram delays = new ConcurrentHistogram(LONGEST_MS, DIGITS);
    private int begun;
    private volatile boolean closing;
    private volatile @Nullable IOException failure;

    StreamClients(int port, int streams, String topic) throws IOException {
        this.port = port;
        this.streams = streams;
        this.request =
                ("GET /api/v1/events?topic=" + topic + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until all are open. */
    void awaitOpen(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        while (connected.get() < streams) {
            IOException failed = failure;
            if (failed != null) {
                throw new IllegalStateException(connected + " of " + streams + " streams were opened", failed);
            }
            if (System.nanoTime() - until > 0 || ended.get() > 0) {
                throw new IllegalStateException(
                        connected + " of " + streams + " streams were opened, and " + ended + " ended by themselves");
            }
            // No finer than the selector counts; a signal for each event would be load.
            Thread.sleep(SELECT.toMillis());
        }
    }

    /** Waits until so many events have come over all streams together, or until nothing has come for so long. */
    void awaitDelivered(long events, Duration quiet) throws InterruptedException {
        long last = -1;
        long since = System.nanoTime();
        while (delivered.get() < events && System.nanoTime() - since < quiet.toNanos()) {
            long now = delivered.get();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            // No finer than the selector counts; a signal for each event would be load.
            Thread.sleep(SELECT.toMillis());
        }
    }

    long delivered() {
        return delivered.get();
    }

    /** Streams that ended although nobody here closed them. */
    int ended() {
        return ended.get();
    }

    /** In milliseconds. */
    Histogram delays() {
        return delays;
    }

    private void run() {
        try {
            while (!closing) {
                while (begun < streams && begun - connected.get() < MOST_CONNECTING) {
                    begin();
                }
                selector.select(SELECT.toMillis());
                for (SelectionKey key : selector.selectedKeys()) {
                    handle(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            closeAll();
        }
    }

    private void begin() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        boolean atOnce = channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, new Reading());
        begun++;
        if (atOnce) {
            send(key, channel);
        }
    }

    private void send(SelectionKey key, SocketChannel channel) throws IOException {
        // A new connection's buffer has room for this.
        channel.write(ByteBuffer.wrap(request));
        key.interestOps(SelectionKey.OP_READ);
    }

    private void handle(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isConnectable() && channel.finishConnect()) {
            send(key, channel);
        } else if (key.isReadable()) {
            buffer.clear();
            int read = channel.read(buffer);
            if (read < 0) {
                ended.incrementAndGet();
                channel.close();
                return;
            }
            buffer.flip().get(bytes, 0, read);
            Reading reading = (Reading) key.attachment();
            if (!reading.open) {
                reading.open = true;
                connected.incrementAndGet();
            }
            int events = reading.take(bytes, read, Clock.millisOfDay(), delays);
            if (events > 0) {
                delivered.addAndGet(events);
            }
        }
    }

    private void closeAll() {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The thread ends by itself; whoever interrupted us doesn't want to wait for it.
            Thread.currentThread().interrupt();
        }
    }

    /** Times as milliseconds since midnight in UTC: all that the digits of an event's time are needed for. */
    private static final class Clock {
        private static final int DAY = 86_400_000;

        static int millisOfDay() {
            return (int) (System.currentTimeMillis() % DAY);
        }

        static int between(int from, int to) {
            int millis = to - from;
            return millis < -DAY / 2 ? millis + DAY : Math.max(0, millis);
        }
    }

    /** Where one stream's reading stands; an event's time may be cut in two by the reads. */
    private static final class Reading {
        private static final byte[] KEY = "\"at\":\"".getBytes(US_ASCII);
        private static final String FORM = "2026-11-23T09:00:00.000Z";

        private final byte[] time = new byte[FORM.length()];
        private boolean open;
        /** How much of the key was found, and then how much of the time. */
        private int found;

        /** Returns how many events the bytes complete. */
        int take(byte[] from, int length, int now, Histogram delays) {
            int events = 0;
            for (int i = 0; i < length; i++) {
                byte next = from[i];
                if (found < KEY.length) {
                    found = next == KEY[found] ? found + 1 : next == KEY[0] ? 1 : 0;
                } else {
                    time[found - KEY.length] = next;
                    found++;
                    if (found == KEY.length + time.length) {
                        found = 0;
                        events++;
                        delays.recordValue(Math.min(LONGEST_MS, Clock.between(millisOfDay(), now)));
                    }
                }
            }
            return events;
        }

        private int millisOfDay() {
            int seconds = (number(11, 2) * 60 + number(14, 2)) * 60 + number(17, 2);
            return seconds * 1000 + number(20, 3);
        }

        private int number(int at, int digits) {
            int number = 0;
            for (int i = at; i < at + digits; i++) {
                number = number * 10 + time[i] - '0';
            }
            return number;
        }
    }
}
