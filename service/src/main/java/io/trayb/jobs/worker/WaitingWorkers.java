package io.trayb.jobs.worker;

import io.dropwizard.lifecycle.Managed;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.queue.RemoteWorkers;
import io.trayb.threads.DaemonThreads;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.JdbiException;

/**
 * Remote workers that wait for a job, without a thread for each.
 *
 * <p>Owns the thread {@code trayb-waiting-workers}: woken when a job became ready on any node, and every second in case that
 * was missed; and the threads {@code trayb-lease-answer-N}, which write the answers. Of those who wait for the same, who came
 * first is served first; who has just come is tried at once, and may get what those who wait would have got a moment later.
 * Thread-safe.
 */
public final class WaitingWorkers implements Managed {
    /**
     * What a remote worker asks for.
     *
     * @param types only of these; empty for all
     * @param patience how long to wait for the first job
     * @param allowed whether whoever waits still may; asked again and again, must return at once
     */
    public record Request(
            String queue,
            String worker,
            int limit,
            Duration lease,
            Duration patience,
            Set<String> types,
            BooleanSupplier allowed) {}

    /** What whoever waits is answered when they may no longer. */
    public static final class NoLongerAllowed extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoLongerAllowed() {
            super("not allowed to wait for jobs any more");
        }
    }

    private record Waiter(Request request, long deadline, CompletableFuture<List<RemoteLease>> answer) {}

    /** Those who wait for jobs of one queue. */
    private static final class Line {
        private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();
        /** Whether there may be something for them. */
        private volatile boolean woken;
        /** When to look without being woken. Used by the thread that serves. */
        private long nextLook;

        private Line(long now) {
            this.nextLook = now;
        }

        private boolean isDue(long now) {
            return woken || now - nextLook >= 0;
        }
    }

    /** A waiter costs an open connection; this bounds their memory, at some 2 KiB each. */
    private static final int MAX_WAITERS = 10_000;

    private static final int ANSWERERS = 8;
    private static final Duration FLOOR = Duration.ofSeconds(1);

    private final RemoteWorkers workers;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Line> byQueue = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    /** Write the answers: a client that reads slowly must not hold up the others. */
    private final ExecutorService answers;

    private final Loop loop = new Loop("waiting-workers", this::serve);
    private volatile boolean closed;

    public WaitingWorkers(RemoteWorkers workers, LongSupplier nanoTime) {
        this.workers = workers;
        this.nanoTime = nanoTime;
        this.answers = Executors.newFixedThreadPool(ANSWERERS, DaemonThreads.numbered("trayb-lease-answer"));
    }

    /** Whether as many wait as may. */
    public boolean isFull() {
        return count.get() >= MAX_WAITERS;
    }

    /**
     * Starts jobs for a worker, now or when there are some.
     *
     * @return completed with an empty list when the time is up, or when this node stops
     */
    public CompletableFuture<List<RemoteLease>> lease(Request request) {
        List<RemoteLease> now = claim(request);
        if (!now.isEmpty() || request.patience().isZero() || closed) {
            return CompletableFuture.completedFuture(now);
        }
        Waiter waiter =
                new Waiter(request, nanoTime.getAsLong() + request.patience().toNanos(), new CompletableFuture<>());
        count.incrementAndGet();
        byQueue.compute(request.queue(), (name, there) -> {
            Line line = there == null ? new Line(nanoTime.getAsLong()) : there;
            line.waiters.add(waiter);
            // Something may have become ready between the claim above and the waiting.
            line.woken = true;
            return line;
        });
        loop.wake();
        return waiter.answer();
    }

    /** There may be something to start in these queues. Never blocks. */
    public void wake(Set<String> queues) {
        boolean anybody = false;
        for (String queue : queues) {
            Line line = byQueue.get(queue);
            if (line != null) {
                line.woken = true;
                anybody = true;
            }
        }
        if (anybody) {
            loop.wake();
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    /** Lets everybody go who waits; to be called when the server begins to stop, since it waits for open requests. */
    public void close() {
        closed = true;
        loop.wake();
    }

    @Override
    public void stop() throws InterruptedException {
        close();
        loop.stop(FLOOR);
        answers.shutdown();
    }

    private Duration serve() {
        Duration pause = FLOOR;
        for (Map.Entry<String, Line> waiting : byQueue.entrySet()) {
            Line line = waiting.getValue();
            if (closed || line.isDue(nanoTime.getAsLong())) {
                line.woken = false;
                Duration untilNextLook = serve(line.waiters);
                line.nextLook = nanoTime.getAsLong() + untilNextLook.toNanos();
                byQueue.computeIfPresent(waiting.getKey(), (name, same) -> same.waiters.isEmpty() ? null : same);
            }
            pause = shorter(pause, Duration.ofNanos(Math.max(0, line.nextLook - nanoTime.getAsLong())));
        }
        return pause;
    }

    /** Serves one queue's waiters; returns how long until they must be looked after again. */
    private Duration serve(Queue<Waiter> waiters) {
        Duration pause = FLOOR;
        Set<Set<String>> triedInVain = new HashSet<>();
        for (Waiter waiter : waiters) {
            Duration left = Duration.ofNanos(waiter.deadline() - nanoTime.getAsLong());
            boolean over = closed || left.isNegative() || left.isZero();
            if (!waiter.request().allowed().getAsBoolean()) {
                remove(waiters, waiter);
                answers.execute(() -> waiter.answer().completeExceptionally(new NoLongerAllowed()));
            } else if (over) {
                letGo(waiters, waiter, List.of());
            } else if (triedInVain.contains(waiter.request().types()) || !serve(waiters, waiter)) {
                if (triedInVain.add(waiter.request().types())) {
                    pause = shorter(pause, untilRoom(waiter.request()));
                }
                pause = shorter(pause, left);
            }
        }
        return pause;
    }

    /** Returns whether the waiter is gone. */
    private boolean serve(Queue<Waiter> waiters, Waiter waiter) {
        try {
            List<RemoteLease> started = claim(waiter.request());
            if (started.isEmpty()) {
                return false;
            }
            letGo(waiters, waiter, started);
        } catch (JdbiException e) {
            // Nothing was started. Whoever waits hears of it at once and not when its time is up.
            remove(waiters, waiter);
            answers.execute(() -> waiter.answer().completeExceptionally(e));
        }
        return true;
    }

    private Duration untilRoom(Request request) {
        return workers.untilRoom(request.queue(), request.types()).orElse(FLOOR);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void letGo(Queue<Waiter> waiters, Waiter waiter, List<RemoteLease> started) {
        remove(waiters, waiter);
        answers.execute(() -> waiter.answer().complete(started));
    }

    private void remove(Queue<Waiter> waiters, Waiter waiter) {
        waiters.remove(waiter);
        count.decrementAndGet();
    }

    private List<RemoteLease> claim(Request request) {
        return workers.lease(request.queue(), request.worker(), request.limit(), request.lease(), request.types());
    }
}
