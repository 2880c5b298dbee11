package io.trayb.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Jobs at a fixed rate, followed by many streams of all jobs. The service does all that a job takes meanwhile, on the same cores as
 * the clients.
 *
 * @param stuck streams beside these that nobody reads
 */
record StreamDeliveries(ServiceUnderTest service, int streams, int stuck, int perSecond, int seconds)
        implements Measurement {
    /** A noop job is waiting, active and completed. */
    private static final int EVENTS_OF_A_JOB = 3;

    /** Above it, jobs come in batches: single submissions would measure HTTP and not the streams. */
    private static final int MOST_SUBMISSIONS = 200;

    private static final Duration OPENING = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(5);

    @Override
    public String title() {
        return "%,d streams, %,d jobs/s".formatted(streams, perSecond)
                + (stuck > 0 ? ", beside %,d that nobody reads".formatted(stuck) : "");
    }

    /**
     * What was delivered.
     *
     * @param lost events that a stream should have had and hasn't
     * @param p99Ms of the delays from the change to the client
     */
    record Outcome(long delivered, long lost, double p50Ms, double p99Ms, double maxMs, double cpuSeconds) {}

    @Override
    public List<Figure> run() throws Exception {
        Outcome outcome = measure();
        return List.of(
                new Figure("deliveries/s", outcome.delivered() / (double) seconds),
                new Figure("p50 ms", outcome.p50Ms()),
                new Figure("p99 ms", outcome.p99Ms()),
                new Figure("max ms", outcome.maxMs()),
                new Figure("lost", outcome.lost()),
                new Figure(
                        "CPU ms per 1,000 deliveries", outcome.cpuSeconds() * 1e6 / Math.max(1, outcome.delivered())));
    }

    Outcome measure() throws Exception {
        try (StuckReaders unread = new StuckReaders();
                StreamClients clients = new StreamClients(service.port(), streams, "jobs")) {
            unread.open(service.port(), stuck);
            clients.awaitOpen(OPENING);
            double before = service.cpuSeconds();
            int jobs = submit();
            long expected = (long) jobs * EVENTS_OF_A_JOB * streams;
            clients.awaitDelivered(expected, QUIET);
            double cpu = service.cpuSeconds() - before;
            return new Outcome(
                    clients.delivered(),
                    expected - clients.delivered(),
                    clients.delays().getValueAtPercentile(50),
                    clients.delays().getValueAtPercentile(99),
                    clients.delays().getMaxValue(),
                    cpu);
        }
    }

    private int submit() throws Exception {
        Api api = service.api();
        int submissions = Math.min(perSecond, MOST_SUBMISSIONS);
        int batch = Math.max(1, perSecond / submissions);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < submissions * seconds; i++) {
            long due = begun + TimeUnit.SECONDS.toNanos(1) * i / submissions;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            answers.add(batch == 1 ? api.submitLater() : api.submitLater(batch));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
        return submissions * seconds * batch;
    }
}
