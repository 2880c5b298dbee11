package io.trayb.testing;

import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The programs of a rig, started one after the other or side by side. What came up is ended by {@link #close()}, the last
 * first. Each start has a thread of its own, which ends with it. Thread-safe.
 */
final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ConcurrentLinkedDeque<>();

    /** Starts a part, and returns when it is there. */
    @FunctionalInterface
    interface Start<T extends AutoCloseable> {
        T start() throws Exception;
    }

    /** Begins a start; it may wait for others that have begun. */
    <T extends AutoCloseable> CompletableFuture<T> begin(String name, Start<T> start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        T part = start.start();
                        started.addFirst(part);
                        return part;
                    } catch (CompletionException e) {
                        // What it waited for didn't come up, and is told by itself.
                        throw e;
                    } catch (Exception | Error e) {
                        throw new IllegalStateException(name + " didn't come up: " + e.getMessage(), e);
                    }
                },
                task -> new Thread(task, "start-" + name).start());
    }

    /** Starts a part and waits for it. */
    <T extends AutoCloseable> T start(String name, Start<T> start) {
        CompletableFuture<T> part = begin(name, start);
        await(part);
        return part.join();
    }

    /**
     * Waits until each of these is there or won't be.
     *
     * @throws IllegalStateException that says which didn't come up, and why
     */
    static void await(CompletableFuture<?>... parts) {
        CompletableFuture<Void> all = CompletableFuture.allOf(parts);
        try {
            all.join();
        } catch (CompletionException e) {
            Throwable cause = e;
            while (cause instanceof CompletionException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new IllegalStateException(cause.getMessage(), cause);
        }
    }

    /** Ends all that came up. */
    @Override
    public void close() {
        List<Exception> failures = new ArrayList<>();
        for (AutoCloseable part = started.pollFirst(); part != null; part = started.pollFirst()) {
            try {
                part.close();
            } catch (Exception e) {
                // The others are ended all the same.
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            IllegalStateException failure = new IllegalStateException("a rig can't be ended as a whole");
            failures.forEach(failure::addSuppressed);
            throw failure;
        }
    }
}
