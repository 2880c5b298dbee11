package io.trayb.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Follows the stream of events and counts completed jobs. A gap fails it: what it doesn't see it can't count. */
final class Completions implements AutoCloseable {
    private static final String DATA = "data:";
    private static final String JOB_ID = "\"jobId\":\"";
    private static final int ID_LENGTH = 36;

    private final InputStream stream;
    private final BiConsumer<String, Long> onCompleted;
    private final Thread reader = new Thread(this::read, "completions");
    private long completed;
    private @Nullable String failure;
    private boolean closed;

    /** @param onCompleted gets each completed job's id and the {@link System#nanoTime} of hearing of it */
    Completions(InputStream stream, BiConsumer<String, Long> onCompleted) {
        this.stream = stream;
        this.onCompleted = onCompleted;
        reader.setDaemon(true);
        reader.start();
    }

    /** Waits until so many jobs were completed in all. */
    synchronized void await(long jobs, Duration atMost) throws InterruptedException, TimeoutException {
        long until = System.nanoTime() + atMost.toNanos();
        while (completed < jobs) {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException(
                        completed + " of " + jobs + " jobs were completed in " + atMost.toSeconds() + " s");
            }
            wait(Math.max(1, left / 1_000_000));
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith(DATA) && event.equals("job.completed")) {
                    int at = line.indexOf(JOB_ID) + JOB_ID.length();
                    onCompleted.accept(line.substring(at, at + ID_LENGTH), System.nanoTime());
                    one();
                } else if (line.startsWith(DATA) && event.equals("gap")) {
                    fail("the stream told of a gap: " + line);
                }
            }
            fail("the stream has ended");
        } catch (IOException e) {
            fail("the stream broke: " + e);
        }
    }

    private synchronized void one() {
        completed++;
        notifyAll();
    }

    private synchronized void fail(String why) {
        if (!closed) {
            failure = why;
            notifyAll();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        stream.close();
    }
}
