package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.IdempotencyKey;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Submission;
import io.trayb.jobs.queue.IdempotencyConflict;
import io.trayb.jobs.queue.JobQueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What single submissions and batches have in common: the idempotency key, and what is to be told after. Thread-safe. */
public final class Intake {
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    /** The built-in key of a service without API keys. */
    private static final String CALLER = "local";

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
     * @throws ProblemException 400 if the key is malformed, 409 if it stands for something else
     */
    Submission submit(List<JobSubmission> wanted, @Nullable String idempotencyKey, @Nullable JsonNode body) {
        try {
            Submission answer = queue.submit(wanted, key(idempotencyKey, body));
            queues.written();
            return answer;
        } catch (IdempotencyConflict conflict) {
            throw ProblemException.of(409, String.valueOf(conflict.getMessage()));
        }
    }

    private static @Nullable IdempotencyKey key(@Nullable String header, @Nullable JsonNode body) {
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
        return new IdempotencyKey(CALLER, header, CanonicalJson.digest(body));
    }
}
