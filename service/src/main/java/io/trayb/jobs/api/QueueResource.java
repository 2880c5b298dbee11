package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobQueue;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.QueueState;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows, pauses and resumes queues. Thread-safe. */
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

    public QueueResource(JobQueue queue) {
        this.queue = queue;
    }

    @GET
    public QueueList list() {
        return new QueueList(queue.queues());
    }

    @POST
    @Path("/{queue}/pause")
    public QueueState pause(@PathParam("queue") String name) {
        return queue.setPaused(valid(name), true);
    }

    @POST
    @Path("/{queue}/resume")
    public QueueState resume(@PathParam("queue") String name) {
        return queue.setPaused(valid(name), false);
    }

    @POST
    @Path("/{queue}/replay")
    @Consumes(MediaType.APPLICATION_JSON)
    public Replayed replay(@PathParam("queue") String name, @Nullable JsonNode body) {
        return new Replayed(queue.replay(ReplayRequest.read(valid(name), body)));
    }

    private static String valid(String name) {
        ValidationErrors errors = new ValidationErrors();
        errors.check(
                JobSubmission.QUEUE.matcher(name).matches(), "queue", name, "must be " + JobSubmission.QUEUE.pattern());
        errors.throwIfAny();
        return name;
    }
}
