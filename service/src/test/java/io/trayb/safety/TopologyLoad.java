package io.trayb.safety;

import static org.awaitility.Awaitility.await;

import io.trayb.events.ReturningClient;
import io.trayb.safety.Operation.Fate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Clients that come in through a load balancer: some submit, cancel and retry, each on a thread of its own, and some follow all jobs,
 * coming back when their stream has ended. Begins with the streams, so that each sees all that the others do; from the constructor to
 * {@link #close()}.
 */
final class TopologyLoad implements AutoCloseable {
    static final int STREAMS = 6;
    private static final int CLIENTS = 3;
    private static final String STREAM = "/api/v1/events?topic=jobs";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Jobs of a few milliseconds to a third of a second, a few of a second; all for the services' own handlers. */
    private static final Workload WORKLOAD = new Workload(0.05, 1000, 0, 150);

    private final String name;
    private final History history;
    private final AtomicBoolean submitting = new AtomicBoolean(true);
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> clients = new ArrayList<>();
    private final List<ReturningClient> streams = new ArrayList<>();
    private final long began;

    /**
     * @param name that no other load of this history has
     * @param port of the load balancer
     * @param seed of what the clients draw
     */
    TopologyLoad(String name, int port, long seed, History history) {
        this.name = name;
        this.history = history;
        for (int i = 0; i < STREAMS; i++) {
            ReturningClient stream = new ReturningClient(port, STREAM);
            streams.add(stream);
            stream.start();
        }
        await().atMost(PATIENCE).until(() -> streams.stream().allMatch(ReturningClient::isOpen));
        began = Micros.now();
        for (int i = 0; i < CLIENTS; i++) {
            ApiClient client =
                    new ApiClient(name + "-" + i, WORKLOAD, new Random(seed * 1000 + i), () -> port, history);
            clients.add(threads.submit(() -> {
                client.runWhile(submitting::get);
                return true;
            }));
        }
    }

    /** Since when all streams have been open, in microseconds. */
    long began() {
        return began;
    }

    List<ReturningClient> streams() {
        return List.copyOf(streams);
    }

    /** What its clients asked for. */
    List<Operation> operations() {
        return history.operations().stream()
                .filter(operation -> operation.client().startsWith(name + "-"))
                .toList();
    }

    /** What nobody answered, or only with an error of the service's. */
    List<Operation> failed() {
        return operations().stream()
                .filter(operation -> operation.status() == 0 || operation.status() >= 500)
                .toList();
    }

    /** Waits until so many more operations have been begun from now on and done. */
    void awaitDone(int more) {
        long now = Micros.now();
        await().atMost(PATIENCE)
                .until(() -> operations().stream()
                                .filter(operation -> operation.fate() == Fate.OK && operation.began() >= now)
                                .count()
                        >= more);
    }

    /** Lets the clients finish what they are at, and submit no more; the streams stay open. */
    void endClients() throws Exception {
        submitting.set(false);
        for (Future<?> client : clients) {
            client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() throws IOException {
        submitting.set(false);
        threads.shutdownNow();
        for (ReturningClient stream : streams) {
            stream.close();
        }
    }
}
