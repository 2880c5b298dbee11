package io.trayb.jobs.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.http.ProblemException;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Submission;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.keys.Caller;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Submits and reads one job: what {@link JobResource} and {@link PlainJobCalls} have in common. Thread-safe. */
public final class SingleJobs {
    private final JobQueue queue;
    private final Intake intake;
    private final JobCache cache;
    private final ObjectMapper json;
    private final SubmissionReader submissions;

    /**
     * @param json writes jobs
     * @param clock for what "one year from now" is
     */
    public SingleJobs(JobQueue queue, Intake intake, JobCache cache, ObjectMapper json, InstantSource clock) {
        this.queue = queue;
        this.intake = intake;
        this.cache = cache;
        this.json = json;
        this.submissions = new SubmissionReader(clock);
    }

    /** @throws ProblemException 400 with everything that is wrong, 403, 409 and 413 as {@link Intake} and the reader say */
    Submission submit(@Nullable JsonNode body, @Nullable String idempotencyKey, Caller caller) {
        ValidationErrors errors = new ValidationErrors();
        JobSubmission submission = submissions.read(body, "", errors);
        errors.throwIfAny();
        if (submission == null) {
            throw new IllegalStateException("a submission is either read or refused");
        }
        return intake.submit(List.of(submission), idempotencyKey, body, caller);
    }

    /** @throws ProblemException 404 if no job that the caller can see has this id */
    CachedJob read(UUID id, Caller caller) throws IOException {
        CachedJob answer = read(id);
        if (!caller.queues().isAll() && !caller.sees(answer.queue(json))) {
            throw JobIds.unknown(id.toString());
        }
        return answer;
    }

    private CachedJob read(UUID id) throws JsonProcessingException {
        CachedJob cached = cache.get(id).orElse(null);
        if (cached != null) {
            return cached;
        }
        Job job = queue.find(id).orElseThrow(() -> JobIds.unknown(id.toString()));
        CachedJob answer = new CachedJob(json.writeValueAsBytes(job));
        cache.put(job, answer);
        return answer;
    }
}
