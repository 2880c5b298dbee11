package io.trayb.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** Single submissions over HTTP, closed loop: each client sends the next one when it has its answer. The jobs are run meanwhile. */
record SingleSubmissions(Api api, int clients, int seconds) implements Measurement {
    private static final int DIGITS = 3;

    @Override
    public String title() {
        return "single submissions, " + clients + " clients";
    }

    @Override
    public List<Figure> run() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long begun = System.nanoTime();
            long until = begun + seconds * 1_000_000_000L;
            Callable<Histogram> client = () -> {
                Histogram latency = new Histogram(DIGITS);
                for (long sent = System.nanoTime(); sent < until; sent = System.nanoTime()) {
                    api.submit();
                    latency.recordValue((System.nanoTime() - sent) / 1_000);
                }
                return latency;
            };
            List<Future<Histogram>> futures = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                futures.add(threads.submit(client));
            }
            Histogram all = new Histogram(DIGITS);
            for (Future<Histogram> future : futures) {
                all.add(future.get());
            }
            double took = (System.nanoTime() - begun) / 1e9;
            return List.of(
                    new Figure("submitted/s", all.getTotalCount() / took),
                    new Figure("p50 ms", all.getValueAtPercentile(50) / 1e3),
                    new Figure("p99 ms", all.getValueAtPercentile(99) / 1e3));
        } finally {
            threads.shutdownNow();
        }
    }
}
