package io.trayb;

import io.trayb.testing.BareConnection;
import io.trayb.testing.BareConnection.Answer;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that submit jobs and read them, each again and again on one connection or on a new one each time, and repeat nothing: what
 * doesn't succeed is noted. Each owns a thread, from the constructor to {@link #close()}.
 */
final class SteadyClients implements AutoCloseable {
    private static final String SHORT = "{\"queue\":\"steady\",\"type\":\"noop\"}";
    /** Takes long enough to be running when its node is stopped. */
    private static final String LONG = "{\"queue\":\"steady\",\"type\":\"sleep\",\"payload\":{\"ms\":500}}";

    private static final int LONG_ONE_OF = 50;
    private static final int MOST_NOTED = 20;

    private final int port;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();

    /** What one of them asks for next. */
    private interface Call {
        Answer send(BareConnection connection) throws IOException;
    }

    SteadyClients(int port) {
        this.port = port;
        for (boolean keeps : new boolean[] {true, false}) {
            start(keeps, this::submit, 201);
            start(keeps, this::read, 200);
        }
    }

    private void start(boolean keeps, Call call, int expected) {
        Thread thread = new Thread(() -> run(keeps, call, expected), "steady-client-" + threads.size());
        threads.add(thread);
        thread.start();
    }

    private void run(boolean keeps, Call call, int expected) {
        while (!over.get()) {
            try (BareConnection connection = new BareConnection(port)) {
                connections.incrementAndGet();
                do {
                    requests.incrementAndGet();
                    Answer answer = call.send(connection);
                    if (answer.status() != expected) {
                        note(answer.status() + ": " + answer.body());
                    }
                } while (keeps && !connection.isClosing() && !over.get());
            } catch (IOException e) {
                note(e.toString());
            }
        }
    }

    private Answer submit(BareConnection connection) throws IOException {
        Answer answer = connection.send("POST", "/api/v1/jobs", requests.get() % LONG_ONE_OF == 0 ? LONG : SHORT);
        if (answer.status() == 201) {
            accepted.add(ServiceClient.parse(answer.body()).path("id").asText());
        }
        return answer;
    }

    private Answer read(BareConnection connection) throws IOException {
        return connection.send("GET", "/api/v1/jobs?queue=steady&limit=5", "");
    }

    private void note(String failure) {
        if (failed.incrementAndGet() <= MOST_NOTED) {
            failures.add(failure);
        }
    }

    long requests() {
        return requests.get();
    }

    long connections() {
        return connections.get();
    }

    long failed() {
        return failed.get();
    }

    /** The first of what failed. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** The jobs that were accepted. */
    Set<String> accepted() {
        return Set.copyOf(accepted);
    }

    @Override
    public void close() {
        over.set(true);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while clients came to their end", e);
        }
    }
}
