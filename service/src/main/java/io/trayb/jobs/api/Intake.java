package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.IdempotencyKey;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Submission;
import io.trayb.jobs.queue.IdempotencyConflict;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.keys.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What single submissions and batches have in common: the idempotency key, and what is to be told after. Thread-safe. */
public final class Intake {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final JobQueue queue;
    private final QueueCache queues;

    public Intake(JobQueue queue, QueueCache queues) {
        this.queue = queue;
        this.queues = queues;
    }

    /**
     * Submits.
     *
     * @param idempotencyKey the header, or null
     * @param body what was asked for; with the key, the same body is answered the same
     * @param caller who submits; idempotency keys of different callers have nothing to do with each other
     * @throws ProblemException 400 if the key is malformed, 403 if a queue isn't one of the caller's, 409 if the key stands for
     *     something else
     */
    Submission submit(
            List<JobSubmission> wanted, @Nullable String idempotencyKey, @Nullable JsonNode body, Caller caller) {
        wanted.forEach(job -> caller.requireQueue("queue", job.queue()));
        try {
            Submission answer = queue.submit(wanted, key(idempotencyKey, body, caller));
            queues.written();
            return answer;
        } catch (IdempotencyConflict conflict) {
            throw ProblemException.of(409, String.valueOf(conflict.getMessage()));
        }
    }

    private static @Nullable IdempotencyKey key(@Nullable String header, @Nullable JsonNode body, Caller caller) {
        if (header == null || body == null) {
            return null;
        }
        ValidationErrors errors = new ValidationErrors();
        errors.check(
                JobSubmission.UNIQUE_KEY.matcher(header).matches(),
                IDEMPOTENCY_KEY,
                header,
                "must be 1 to 200 visible ASCII characters, no spaces");
        errors.throwIfAny();
        return new IdempotencyKey(caller.name(), header, CanonicalJson.digest(body));
    }
}
