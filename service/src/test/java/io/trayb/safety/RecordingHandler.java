package io.trayb.safety;

import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs in the service processes: records each start and its end in the file that {@value #FILE} names, and does in between what
 * the payload says.
 */
public final class RecordingHandler implements JobHandler<RecordingHandler.Payload> {
    /** The environment variable. */
    static final String FILE = "SAFETY_STARTS";

    /**
     * What a job of the suite is to do.
     *
     * @param fails how many attempts fail
     * @param permanent whether the first of them fails the job for good
     */
    public record Payload(String tag, int ms, int fails, boolean permanent) {}

    private final StartLog log = new StartLog(Path.of(System.getenv(FILE)));
    private final String worker = Long.toString(ProcessHandle.current().pid());

    @Override
    public String type() {
        return Workload.TYPE;
    }

    @Override
    public @Nullable Object run(Payload payload, JobContext job) throws Exception {
        String start = UUID.randomUUID().toString();
        log.began(new Start(start, job.id().toString(), job.attempt(), worker, Micros.now(), null, 0, 0));
        try {
            // The work itself: a job takes as long as its payload says.
            TimeUnit.MILLISECONDS.sleep(payload.ms());
        } finally {
            end(start);
        }
        if (job.attempt() <= payload.fails()) {
            throw payload.permanent()
                    ? JobFailure.permanent(Workload.PLANNED_FAILURE)
                    : JobFailure.retry(Workload.PLANNED_FAILURE);
        }
        return Map.of("start", start, "attempt", job.attempt());
    }

    private void end(String start) throws IOException {
        log.ended(start, Micros.now());
    }
}
