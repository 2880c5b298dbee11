package io.trayb.bench;

import java.util.List;

/** The highest rate of jobs at which streams lose nothing and the slowest hundredth of deliveries takes less than 250 ms. */
record HighestRate(ServiceUnderTest service, int streams, int from, int seconds) implements Measurement {
    private static final int MOST_P99_MS = 250;
    private static final int STEPS = 16;

    @Override
    public String title() {
        return "%,d streams, raised from %,d jobs/s until it breaks".formatted(streams, from);
    }

    @Override
    public List<Figure> run() throws Exception {
        int good = 0;
        double deliveries = 0;
        int rate = from;
        for (int step = 0; step < STEPS; step++) {
            StreamDeliveries.Outcome outcome = new StreamDeliveries(service, streams, 0, rate, seconds).measure();
            service.api().awaitIdle();
            if (outcome.lost() > 0 || outcome.p99Ms() >= MOST_P99_MS) {
                break;
            }
            good = rate;
            deliveries = outcome.delivered() / (double) seconds;
            rate = Math.max(rate + 1, rate * 5 / 4);
        }
        return List.of(
                new Figure("jobs/s with nothing lost and p99 < 250 ms", good),
                new Figure("deliveries/s at it", deliveries));
    }
}
