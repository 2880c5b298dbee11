package io.trayb.bench;

import java.io.IOException;
import java.util.List;

/** Calls over connections that stay, as fast as they are answered: the readings of one completed job, or submissions. */
record ClosedCalls(ServiceUnderTest service, Call call, int connections, int seconds) implements Measurement {
    /** What is called. */
    enum Call {
        /** The cheapest that there is: a completed job is answered from memory. */
        READING("readings of a completed job", 200) {
            @Override
            String request(Api api) throws IOException, InterruptedException {
                String job = api.submit();
                api.awaitIdle();
                return "GET /api/v1/jobs/" + job + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
            }
        },
        /** Of jobs that do nothing, which are run meanwhile. */
        SUBMISSION("submissions", 201) {
            @Override
            String request(Api api) {
                return "POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + Api.NOOP.length() + "\r\n\r\n" + Api.NOOP;
            }
        };

        private final String title;
        private final int expected;

        Call(String title, int expected) {
            this.title = title;
            this.expected = expected;
        }

        abstract String request(Api api) throws IOException, InterruptedException;
    }

    @Override
    public String title() {
        return call.title + ", " + connections + " connections";
    }

    @Override
    public List<Figure> run() throws Exception {
        String request = call.request(service.api());
        double before = service.cpuSeconds();
        ClosedLoop.Outcome outcome = ClosedLoop.run(service.port(), connections, request, call.expected, seconds);
        double cpu = service.cpuSeconds() - before;
        return List.of(
                new Figure("answers/s", outcome.perSecond()),
                new Figure("p50 ms", outcome.micros().getValueAtPercentile(50) / 1e3),
                new Figure("p99 ms", outcome.micros().getValueAtPercentile(99) / 1e3),
                new Figure("refused/s", outcome.refused() / outcome.seconds()),
                new Figure(
                        "CPU µs an answer",
                        cpu * 1e6 / Math.max(1, outcome.micros().getTotalCount())));
    }
}
