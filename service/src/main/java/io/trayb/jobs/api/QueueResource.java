package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.QueueState;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.store.Revivals;
import io.trayb.keys.Audited;
import io.trayb.keys.Caller;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows, pauses, resumes and limits queues. Thread-safe. */
@Path("/v1/queues")
@Produces(MediaType.APPLICATION_JSON)
public final class QueueResource {
    /** All queues. */
    public record QueueList(List<QueueState> queues) {}

    /**
     * What a replay did.
     *
     * @param replayed how many jobs wait again
     */
    public record Replayed(int replayed) {}

    private final JobQueue queue;
    private final QueueCache cache;
    private final JobCache jobs;

    public QueueResource(JobQueue queue, QueueCache cache, JobCache jobs) {
        this.queue = queue;
        this.cache = cache;
        this.jobs = jobs;
    }

    @GET
    @Requires(Scope.READ)
    public Response list(@Context HttpServletRequest request) {
        byte[] list = cache.get(() -> new QueueList(queue.queues()), Caller.of(request));
        return Response.ok(list, MediaType.APPLICATION_JSON_TYPE).build();
    }

    @POST
    @Path("/{queue}/pause")
    @Requires(Scope.OPERATE)
    public QueueState pause(@PathParam("queue") String name, @Context HttpServletRequest request) {
        return setPaused(valid(name, request), true, request);
    }

    @POST
    @Path("/{queue}/resume")
    @Requires(Scope.OPERATE)
    public QueueState resume(@PathParam("queue") String name, @Context HttpServletRequest request) {
        return setPaused(valid(name, request), false, request);
    }

    @POST
    @Path("/{queue}/replay")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.OPERATE)
    public Replayed replay(
            @PathParam("queue") String name, @Nullable JsonNode body, @Context HttpServletRequest request) {
        Revivals.Filter wanted = ReplayRequest.read(valid(name, request), body);
        Audited audited = Audited.of(request)
                .note("state", wanted.state().wireName())
                .note("type", wanted.type())
                .note("failedAfter", wanted.finishedAfter())
                .note("limit", wanted.limit());
        int replayed = queue.replay(wanted, jobs::strikeOut);
        audited.note("replayed", replayed);
        cache.written();
        return new Replayed(replayed);
    }

    @PUT
    @Path("/{queue}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.OPERATE)
    public QueueState limit(
            @PathParam("queue") String name, @Nullable JsonNode body, @Context HttpServletRequest request) {
        ValidationErrors errors = new ValidationErrors();
        check(name, errors);
        LimitsRequest limits = LimitsRequest.read(body, errors);
        Audited.of(request)
                .note("maxActive", limits.maxActive())
                .note("maxStartsPerSecond", limits.maxStartsPerSecond());
        Caller.of(request).requireQueue("queue", name);
        QueueState state = queue.setLimits(name, limits.maxActive(), limits.maxStartsPerSecond());
        cache.written();
        return state;
    }

    private QueueState setPaused(String name, boolean paused, HttpServletRequest request) {
        Audited.of(request).note("paused", paused);
        QueueState state = queue.setPaused(name, paused);
        cache.written();
        return state;
    }

    private static String valid(String name, HttpServletRequest request) {
        ValidationErrors errors = new ValidationErrors();
        check(name, errors);
        errors.throwIfAny();
        Caller.of(request).requireQueue("queue", name);
        return name;
    }

    private static void check(String name, ValidationErrors errors) {
        errors.check(
                JobSubmission.QUEUE.matcher(name).matches(), "queue", name, "must be " + JobSubmission.QUEUE.pattern());
    }
}
