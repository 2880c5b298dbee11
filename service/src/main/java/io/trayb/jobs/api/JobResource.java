package io.trayb.jobs.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.http.BodyLimit;
import io.trayb.http.ProblemException;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.IdempotencyConflict;
import io.trayb.jobs.IdempotencyKey;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobQueue;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Submission;
import io.trayb.jobs.Submitted;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Submits, shows, lists and cancels jobs. Thread-safe. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
public final class JobResource {
    private static final int MAX_BATCH = 1000;
    private static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    /** The built-in key of a service without API keys. */
    private static final String CALLER = "local";

    /** A page of a list. */
    public record Page(List<Job> jobs, @Nullable String nextCursor) {}

    private final JobQueue queue;
    private final JobCache cache;
    private final QueueCache queues;
    private final ObjectMapper json;
    private final SubmissionReader submissions;

    /**
     * @param json writes jobs
     * @param clock for what "one year from now" is
     */
    public JobResource(JobQueue queue, JobCache cache, QueueCache queues, ObjectMapper json, InstantSource clock) {
        this.queue = queue;
        this.cache = cache;
        this.queues = queues;
        this.json = json;
        this.submissions = new SubmissionReader(clock);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response submit(
            @Nullable JsonNode body,
            @HeaderParam(IDEMPOTENCY_KEY) @Nullable String idempotencyKey,
            @Context UriInfo uri) {
        ValidationErrors errors = new ValidationErrors();
        JobSubmission submission = submissions.read(body, "", errors);
        errors.throwIfAny();
        if (submission == null) {
            throw new IllegalStateException("a submission is either read or refused");
        }
        Submission answer = submitOnce(List.of(submission), idempotencyKey, body);
        Submitted submitted = only(answer, idempotencyKey);
        if (submitted.existing()) {
            return Response.ok(submitted.job()).build();
        }
        return Response.created(location(uri, submitted.job()))
                .entity(submitted.job())
                .build();
    }

    @POST
    @Path("/batch")
    @BodyLimit(MAX_BATCH_BYTES)
    @Consumes(MediaType.APPLICATION_JSON)
    public Response submitBatch(
            @Nullable JsonNode body, @HeaderParam(IDEMPOTENCY_KEY) @Nullable String idempotencyKey) {
        Submission answer = submitOnce(readBatch(body), idempotencyKey, body);
        return Response.status(answer.repeated() ? Response.Status.OK : Response.Status.CREATED)
                .entity(new Batch(answer.jobs().stream().map(Batch.Entry::of).toList()))
                .build();
    }

    @GET
    public Page list(@Context UriInfo uri) {
        return ListQuery.read(uri.getQueryParameters()).run(queue);
    }

    @GET
    @Path("/{id}")
    public Response get(@PathParam("id") String id, @Context Request request) throws JsonProcessingException {
        UUID jobId = JobIds.parse(id);
        byte[] cached = cache.get(jobId).orElse(null);
        byte[] body = cached == null ? read(jobId) : cached;
        EntityTag tag = new EntityTag(Digests.of(body));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return unchanged != null
                ? unchanged.tag(tag).build()
                : Response.ok(body, MediaType.APPLICATION_JSON_TYPE).tag(tag).build();
    }

    private byte[] read(UUID jobId) throws JsonProcessingException {
        Job job = queue.find(jobId).orElseThrow(() -> JobIds.unknown(jobId.toString()));
        byte[] body = json.writeValueAsBytes(job);
        if (job.state().isFinished()) {
            cache.put(jobId, body);
        }
        return body;
    }

    @DELETE
    @Path("/{id}")
    public Job cancel(@PathParam("id") String id) {
        UUID jobId = JobIds.parse(id);
        Optional<Job> cancelled = queue.cancel(jobId);
        queues.written();
        return cancelled.orElseThrow(() -> queue.find(jobId)
                .map(job -> ProblemException.of(
                        409, "job '" + id + "' is " + job.state().wireName() + " and can't be cancelled any more"))
                .orElseGet(() -> JobIds.unknown(id)));
    }

    @POST
    @Path("/{id}/retry")
    public Job retry(@PathParam("id") String id) {
        UUID jobId = JobIds.parse(id);
        Optional<Job> retried = queue.retry(jobId, cache::strikeOut);
        queues.written();
        return retried.orElseThrow(() -> queue.find(jobId)
                .map(job -> ProblemException.of(409, notRetried(job)))
                .orElseGet(() -> JobIds.unknown(id)));
    }

    private static String notRetried(Job job) {
        boolean ended = job.state() == JobState.FAILED || job.state() == JobState.CANCELLED;
        return ended
                ? "another unfinished job holds the uniqueKey '" + job.uniqueKey() + "' of job '" + job.id() + "'"
                : "job '" + job.id() + "' is " + job.state().wireName() + "; only a failed or cancelled one is retried";
    }

    private Submission submitOnce(
            List<JobSubmission> wanted, @Nullable String idempotencyKey, @Nullable JsonNode body) {
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

    private static Submitted only(Submission answer, @Nullable String idempotencyKey) {
        if (answer.jobs().isEmpty()) {
            throw ProblemException.of(
                    409, "the job that Idempotency-Key '" + idempotencyKey + "' stands for is no longer kept");
        }
        return answer.jobs().get(0);
    }

    private List<JobSubmission> readBatch(@Nullable JsonNode body) {
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

    private static URI location(UriInfo uri, Job job) {
        return uri.getBaseUriBuilder()
                .path(JobResource.class)
                .path(job.id().toString())
                .build();
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
