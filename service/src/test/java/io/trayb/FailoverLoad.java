package io.trayb;

import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of one service that submit short jobs while something fails over. Each repeats a job under its Idempotency-Key until it is
 * told that it is kept, so there must be exactly one of each in the end. Owns a thread for each client, from the constructor to
 * {@link #close()}.
 */
final class FailoverLoad implements AutoCloseable {
    private final String name;
    private final ServiceClient client;
    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    /** In {@link System#nanoTime()}; in the far future before {@link #mark()}. */
    private volatile long markedAt = Long.MAX_VALUE;
    /** When the first submission was kept that was begun after the mark; 0 if none was. */
    private volatile long firstKeptAt;

    private final AtomicLong refused = new AtomicLong();
    private volatile String unexpected = "";

    FailoverLoad(String name, ServiceClient client, int clients) {
        this.name = name;
        this.client = client;
        for (int i = 0; i < clients; i++) {
            String prefix = name + "-" + i + "-";
            Thread thread = new Thread(() -> submit(prefix), "failover-" + prefix);
            threads.add(thread);
            thread.start();
        }
    }

    private void submit(String prefix) {
        for (int number = 0; !over.get(); number++) {
            String tag = prefix + number;
            String job = "{'queue':'load','type':'echo','payload':{'tag':'%s'}}".formatted(tag);
            boolean settled = false;
            while (!settled) {
                long began = System.nanoTime();
                Answer answer = client.post("/jobs", job, "Idempotency-Key", tag);
                settled = note(tag, began, answer) || over.get();
            }
        }
    }

    private boolean note(String tag, long began, Answer answer) {
        if (answer.status() == 201 || answer.status() == 200) {
            kept.add(tag);
            if (began - markedAt >= 0 && firstKeptAt == 0) {
                firstKeptAt = System.nanoTime();
            }
            return true;
        }
        refused.incrementAndGet();
        if (answer.status() != 503) {
            unexpected = answer.status() + ": " + answer.body();
        }
        return false;
    }

    /** From now on it is asked when the next submission is kept that begins after this: once what is to fail has failed. */
    void mark() {
        firstKeptAt = 0;
        markedAt = System.nanoTime();
    }

    boolean isKeptAgain() {
        return firstKeptAt != 0;
    }

    /** How long after a moment the first submission was kept that was begun after the mark. */
    Duration untilKeptAgain(long since) {
        return Duration.ofNanos(firstKeptAt - since);
    }

    /** The tags of the jobs that somebody was told are kept. */
    Set<String> kept() {
        return Set.copyOf(kept);
    }

    /** How many submissions weren't taken at once. */
    long refused() {
        return refused.get();
    }

    /** An answer that the contract doesn't name for an outage; empty if there was none. */
    String unexpected() {
        return unexpected;
    }

    String name() {
        return name;
    }

    /** Ends it; what is on its way then is kept, or isn't, and nobody is told. */
    @Override
    public void close() {
        over.set(true);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a load came to its end", e);
        }
    }
}
