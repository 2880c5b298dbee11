package io.trayb.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Batches of noop jobs over HTTP, from the first submission to the last completion that a stream tells. */
record BatchThroughput(Api api, int jobs) implements Measurement {
    private static final int BATCH = 500;
    private static final int IN_FLIGHT = 4;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Override
    public String title() {
        return "noop jobs by batches of " + BATCH + ", " + IN_FLIGHT + " in flight";
    }

    @Override
    public List<Figure> run() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(IN_FLIGHT);
        try (Completions completions = new Completions(api.events())) {
            long begun = System.nanoTime();
            Queue<String> ids = new ConcurrentLinkedQueue<>();
            AtomicInteger left = new AtomicInteger(jobs / BATCH);
            Callable<Void> client = () -> {
                while (left.getAndDecrement() > 0) {
                    ids.addAll(api.submit(BATCH));
                }
                return null;
            };
            List<Future<Void>> futures = new ArrayList<>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                futures.add(clients.submit(client));
            }
            for (Future<Void> future : futures) {
                future.get();
            }
            double submitted = (System.nanoTime() - begun) / 1e9;
            int all = jobs / BATCH * BATCH;
            Map<String, Long> completedAt = completions.await(ids, LONGEST);
            double completed = (Collections.max(completedAt.values()) - begun) / 1e9;
            return List.of(new Figure("submitted/s", all / submitted), new Figure("completed/s", all / completed));
        } finally {
            clients.shutdownNow();
        }
    }
}
