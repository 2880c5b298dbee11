package io.trayb.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Follows the stream of events and notes when jobs were completed: of all, since an event may be there before the answer that
 * says which id is one's own. A gap fails it: what it doesn't see it can't count.
 */
final class Completions implements AutoCloseable {
    private static final String DATA = "data:";
    private static final String JOB_ID = "\"jobId\":\"";
    private static final int ID_LENGTH = 36;

    private final InputStream stream;
    private final Thread reader = new Thread(this::read, "completions");
    private final Map<String, Long> completedAt = new HashMap<>();
    /** Those that somebody waits for. */
    private final Set<String> open = new HashSet<>();

    private @Nullable String failure;
    private boolean closed;

    Completions(InputStream stream) {
        this.stream = stream;
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Waits until these jobs are completed; whatever else is told of is left out.
     *
     * @return the {@link System#nanoTime} of hearing of each
     */
    synchronized Map<String, Long> await(Collection<String> jobs, Duration atMost)
            throws InterruptedException, TimeoutException {
        long until = System.nanoTime() + atMost.toNanos();
        open.addAll(jobs);
        open.removeAll(completedAt.keySet());
        while (!open.isEmpty()) {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException(open.size() + " of " + jobs.size() + " jobs were not completed in "
                        + atMost.toSeconds() + " s");
            }
            wait(Math.max(1, left / 1_000_000));
        }
        Map<String, Long> own = new HashMap<>(completedAt);
        own.keySet().retainAll(new HashSet<>(jobs));
        return own;
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith(DATA) && event.equals("job.completed")) {
                    int at = line.indexOf(JOB_ID) + JOB_ID.length();
                    completed(line.substring(at, at + ID_LENGTH), System.nanoTime());
                } else if (line.startsWith(DATA) && event.equals("gap")) {
                    fail("the stream told of a gap: " + line);
                }
            }
            fail("the stream has ended");
        } catch (IOException e) {
            fail("the stream broke: " + e);
        }
    }

    private synchronized void completed(String job, long at) {
        completedAt.putIfAbsent(job, at);
        if (open.remove(job) && open.isEmpty()) {
            notifyAll();
        }
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
