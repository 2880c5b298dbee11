package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.BodyLimit;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Submission;
import io.trayb.jobs.Submitted;
import io.trayb.keys.Caller;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Submits many jobs at once, all or none. Thread-safe. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
public final class BatchResource {
    static final int MAX_BATCH = 1000;

    private final Intake intake;
    private final SubmissionReader submissions;

    /** @param clock for what "one year from now" is */
    public BatchResource(Intake intake, InstantSource clock) {
        this.intake = intake;
        this.submissions = new SubmissionReader(clock);
    }

    @POST
    @Path("/batch")
    @BodyLimit(BodyLimit.BATCH)
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.SUBMIT)
    public Response submitBatch(
            @Nullable JsonNode body,
            @HeaderParam(Intake.IDEMPOTENCY_KEY) @Nullable String idempotencyKey,
            @Context HttpServletRequest request) {
        Submission answer = intake.submit(read(body, submissions), idempotencyKey, body, Caller.of(request));
        return Response.status(answer.repeated() ? Response.Status.OK : Response.Status.CREATED)
                .entity(new Batch(answer.jobs().stream().map(Batch.Entry::of).toList()))
                .build();
    }

    static List<JobSubmission> read(@Nullable JsonNode body, SubmissionReader submissions) {
        ValidationErrors errors = new ValidationErrors();
        JsonNode jobs = body == null ? null : body.get("jobs");
        if (body != null && body.isObject()) {
            body.fieldNames()
                    .forEachRemaining(field ->
                            errors.check("jobs".equals(field), field, body.get(field), "is not known; known is jobs"));
        }
        if (jobs == null || !jobs.isArray() || jobs.isEmpty() || jobs.size() > MAX_BATCH) {
            errors.add(
                    "jobs",
                    jobs != null && jobs.isArray() ? jobs.size() + " jobs" : jobs,
                    "must be an array of 1 to " + MAX_BATCH + " jobs");
            errors.throwIfAny();
        }
        List<JobSubmission> read = new ArrayList<>();
        for (int i = 0; jobs != null && i < jobs.size(); i++) {
            JobSubmission submission = submissions.read(jobs.get(i), "jobs[" + i + "].", errors);
            if (submission != null) {
                read.add(submission);
            }
        }
        errors.throwIfAny();
        return read;
    }

    /** The answer to a batch. */
    public record Batch(List<Entry> jobs) {
        /**
         * What became of one entry.
         *
         * @param existing whether another unfinished job held the unique key, and this is that one
         */
        public record Entry(
                @com.fasterxml.jackson.annotation.JsonUnwrapped
                Job job,

                boolean existing) {
            static Entry of(Submitted submitted) {
                return new Entry(submitted.job(), submitted.existing());
            }
        }
    }
}
