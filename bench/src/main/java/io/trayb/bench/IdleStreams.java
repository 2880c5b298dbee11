package io.trayb.bench;

import java.time.Duration;
import java.util.List;

/** Streams of a topic on which nothing happens: what each costs in memory, and all of them in processor time. */
record IdleStreams(ServiceUnderTest service, int streams, int seconds) implements Measurement {
    private static final Duration OPENING = Duration.ofMinutes(2);

    @Override
    public String title() {
        return "%,d idle streams".formatted(streams);
    }

    @Override
    public List<Figure> run() throws Exception {
        long before = service.residentKib();
        try (StreamClients clients = new StreamClients(service.port(), streams, "queue:nobody-uses-this")) {
            clients.awaitOpen(OPENING);
            double cpuBefore = service.cpuSeconds();
            // What is measured is what this time costs.
            Thread.sleep(Duration.ofSeconds(seconds).toMillis());
            double cpu = service.cpuSeconds() - cpuBefore;
            long grown = service.residentKib() - before;
            return List.of(
                    new Figure("RSS growth, KiB a stream", grown / (double) streams),
                    new Figure("CPU, % of one core", 100 * cpu / seconds),
                    new Figure("ended by themselves", clients.ended()));
        }
    }
}
