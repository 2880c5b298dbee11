package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.Submission;
import io.trayb.jobs.Submitted;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.keys.Audited;
import io.trayb.keys.Caller;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServletRequest;
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
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Submits, shows, lists and cancels jobs. Thread-safe. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
public final class JobResource {

    /** A page of a list. */
    public record Page(List<Job> jobs, @Nullable String nextCursor) {}

    private final SingleJobs single;
    private final JobQueue queue;
    private final SeenJobs seen;
    private final JobCache cache;
    private final QueueCache queues;

    public JobResource(SingleJobs single, JobQueue queue, JobCache cache, QueueCache queues) {
        this.single = single;
        this.queue = queue;
        this.seen = new SeenJobs(queue);
        this.cache = cache;
        this.queues = queues;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.SUBMIT)
    public Response submit(
            @Nullable JsonNode body,
            @HeaderParam(Intake.IDEMPOTENCY_KEY) @Nullable String idempotencyKey,
            @Context HttpServletRequest request,
            @Context UriInfo uri) {
        Submission answer = single.submit(body, idempotencyKey, Caller.of(request));
        Submitted submitted = answer.jobs().get(0);
        if (answer.repeated() || submitted.existing()) {
            return Response.ok(submitted.job()).build();
        }
        return Response.created(location(uri, submitted.job()))
                .entity(submitted.job())
                .build();
    }

    @GET
    @Requires(Scope.READ)
    public Page list(@Context UriInfo uri, @Context HttpServletRequest request) {
        return ListQuery.read(uri.getQueryParameters(), Caller.of(request)).run(queue);
    }

    @GET
    @Path("/{id}")
    @Requires(Scope.READ)
    public Response get(
            @PathParam("id") String id, @Context Request request, @Context HttpServletRequest servletRequest)
            throws IOException {
        CachedJob answer = single.read(JobIds.parse(id), Caller.of(servletRequest));
        EntityTag tag = new EntityTag(answer.tag());
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return unchanged != null
                ? unchanged.tag(tag).build()
                : Response.ok(answer.body(), MediaType.APPLICATION_JSON_TYPE)
                        .tag(tag)
                        .build();
    }

    @DELETE
    @Path("/{id}")
    @Requires(Scope.SUBMIT)
    public Job cancel(@PathParam("id") String id, @Context HttpServletRequest request) {
        UUID jobId = JobIds.parse(id);
        seen.require(jobId, Caller.of(request));
        Optional<Job> cancelled = queue.cancel(jobId);
        queues.written();
        return cancelled.orElseThrow(() -> queue.find(jobId)
                .map(job -> ProblemException.of(
                        409, "job '" + id + "' is " + job.state().wireName() + " and can't be cancelled any more"))
                .orElseGet(() -> JobIds.unknown(id)));
    }

    @POST
    @Path("/{id}/retry")
    @Requires(Scope.OPERATE)
    public Job retry(@PathParam("id") String id, @Context HttpServletRequest request) {
        UUID jobId = JobIds.parse(id);
        seen.require(jobId, Caller.of(request));
        Optional<Job> retried = queue.retry(jobId, cache::strikeOut);
        queues.written();
        retried.ifPresent(job -> Audited.of(request).note("queue", job.queue()).note("type", job.type()));
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

    private static URI location(UriInfo uri, Job job) {
        return uri.getBaseUriBuilder()
                .path(JobResource.class)
                .path(job.id().toString())
                .build();
    }
}
