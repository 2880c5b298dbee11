package io.trayb.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Single submissions on a fixed schedule, whatever the answers do (open loop): a latency is counted from the moment at which the
 * submission was due, so that a service that stalls doesn't silence its own measurement.
 */
record FixedRate(Api api, int perSecond, int seconds) implements Measurement {
    private static final int DIGITS = 3;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Override
    public String title() {
        return "single submissions at " + perSecond + "/s, open loop";
    }

    @Override
    public List<Figure> run() throws Exception {
        int jobs = perSecond * seconds;
        Histogram accepted = new ConcurrentHistogram(DIGITS);
        Histogram completed = new ConcurrentHistogram(DIGITS);
        ConcurrentMap<String, Long> dueAt = new ConcurrentHashMap<>();
        Map<String, Long> completedAt;
        CompletableFuture<?>[] answers = new CompletableFuture<?>[jobs];
        try (Completions completions = new Completions(api.events())) {
            long begun = System.nanoTime();
            for (int i = 0; i < jobs; i++) {
                long due = begun + TimeUnit.SECONDS.toNanos(1) * i / perSecond;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                answers[i] = api.submitLater().thenAccept(id -> {
                    accepted.recordValue((System.nanoTime() - due) / 1_000);
                    dueAt.put(id, due);
                });
            }
            CompletableFuture.allOf(answers).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            completedAt = completions.await(dueAt.keySet(), LONGEST);
        }
        dueAt.forEach((id, due) -> {
            Long at = completedAt.get(id);
            if (at == null) {
                throw new IllegalStateException("job " + id + " was completed without an event");
            }
            completed.recordValue((at - due) / 1_000);
        });
        return List.of(
                new Figure("accepted, p50 ms", accepted.getValueAtPercentile(50) / 1e3),
                new Figure("accepted, p99 ms", accepted.getValueAtPercentile(99) / 1e3),
                new Figure("completed, p50 ms", completed.getValueAtPercentile(50) / 1e3),
                new Figure("completed, p99 ms", completed.getValueAtPercentile(99) / 1e3));
    }
}
