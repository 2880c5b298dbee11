package io.trayb.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client as a browser is one: it comes back with its last id when its stream has ended, after as long as it was told. Owns a thread,
 * from {@link #start()} to {@link #close()}.
 */
public final class ReturningClient implements AutoCloseable {
    private static final long FIRST_RETRY_MS = 1_000;

    private final int port;
    private final String path;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<SseReader.Block> events = new ArrayList<>();
    private final List<SseReader.Block> closes = new ArrayList<>();
    private final List<Long> returns = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "returning-client");
    private String lastId = "";
    private long retryMs = FIRST_RETRY_MS;
    private SseReader reader;

    public ReturningClient(int port, String path) {
        this.port = port;
        this.path = path;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                try (SseReader opened = open()) {
                    opened.awaitEnd();
                    take(opened);
                } catch (IOException e) {
                    // Nobody listens just now; the next attempt comes as after any other end.
                }
            } while (!closing.await(retryMs, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SseReader open() throws IOException {
        SseReader opened =
                lastId.isEmpty() ? SseReader.open(port, path) : SseReader.open(port, path, "Last-Event-ID", lastId);
        synchronized (this) {
            reader = opened;
            if (!lastId.isEmpty()) {
                returns.add(System.nanoTime());
            }
        }
        return opened;
    }

    private synchronized void take(SseReader ended) {
        for (SseReader.Block block : ended.blocks()) {
            if (block.id() != null) {
                lastId = block.id();
            }
            if (block.retry() != null) {
                retryMs = Long.parseLong(block.retry());
            }
        }
        for (SseReader.Block block : ended.events()) {
            (isClose(block) ? closes : events).add(block);
        }
        reader = null;
    }

    private static boolean isClose(SseReader.Block block) {
        return block.event().equals("close");
    }

    /** All that came, gaps among them, over all connections. */
    public synchronized List<SseReader.Block> events() {
        List<SseReader.Block> all = new ArrayList<>(events);
        if (reader != null) {
            reader.events().stream().filter(block -> !isClose(block)).forEach(all::add);
        }
        return all;
    }

    /** What they said. */
    public List<String> data() {
        return events().stream().map(SseReader.Block::data).toList();
    }

    /** What the ends of its connections were announced with; one that ends without a word isn't among them. */
    public synchronized List<SseReader.Block> closes() {
        return List.copyOf(closes);
    }

    /** When it came back, by the monotonic clock. */
    public synchronized List<Long> returns() {
        return List.copyOf(returns);
    }

    public synchronized boolean isOpen() {
        return reader != null && !reader.blocks().isEmpty();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        synchronized (this) {
            if (reader != null) {
                reader.close();
            }
        }
    }
}
