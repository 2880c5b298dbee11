package io.trayb.testing;

import io.trayb.testing.BareConnection.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that submit jobs and read them, each again and again on one connection or on a new one each time, and repeat nothing: what
 * doesn't succeed is noted. Each owns a thread, from the constructor to {@link #close()}.
 */
public final class SteadyClients implements AutoCloseable {
    /** Where all of their jobs are. */
    public static final String QUEUE = "steady";

    private static final String SHORT = "{\"queue\":\"" + QUEUE + "\",\"type\":\"noop\"}";
    /** Takes long enough to be running when its node is stopped. */
    private static final String LONG = "{\"queue\":\"" + QUEUE + "\",\"type\":\"sleep\",\"payload\":{\"ms\":500}}";

    private static final int LONG_ONE_OF = 50;
    private static final int MOST_NOTED = 20;

    private final int port;
    private final Duration pause;
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

    /**
     * Starts them.
     *
     * @param pause of each after each answer, to leave the machine to others
     */
    public SteadyClients(int port, Duration pause) {
        this.port = port;
        this.pause = pause;
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
                    LockSupport.parkNanos(pause.toNanos());
                } while (keeps && !connection.isClosing() && !over.get());
            } catch (IOException | RuntimeException e) {
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
        return connection.send("GET", "/api/v1/jobs?queue=" + QUEUE + "&limit=5", "");
    }

    private void note(String failure) {
        if (failed.incrementAndGet() <= MOST_NOTED) {
            failures.add(failure);
        }
    }

    public long requests() {
        return requests.get();
    }

    public long connections() {
        return connections.get();
    }

    public long failed() {
        return failed.get();
    }

    /** The first of what failed. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** The jobs that were accepted. */
    public Set<String> accepted() {
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
