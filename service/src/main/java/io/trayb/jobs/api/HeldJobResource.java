package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.queue.RemoteWorkers;
import io.trayb.keys.Caller;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a remote worker says about a job that it holds; all of it fenced by the token of its lease. Thread-safe. */
@Path("/v1/jobs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class HeldJobResource {
    /**
     * The answer to a heartbeat.
     *
     * @param cancelled tells the worker to stop: whatever it does is discarded
     * @param leaseExpiresAt null when it was cancelled
     */
    public record Beat(boolean cancelled, @Nullable Instant leaseExpiresAt) {}

    private final JobQueue queue;
    private final SeenJobs seen;
    private final RemoteWorkers workers;
    private final QueueCache queues;
    private final Runnable workerReported;

    /** @param workerReported told whenever a worker says that it is at a job */
    public HeldJobResource(JobQueue queue, RemoteWorkers workers, QueueCache queues, Runnable workerReported) {
        this.queue = queue;
        this.seen = new SeenJobs(queue);
        this.workers = workers;
        this.queues = queues;
        this.workerReported = workerReported;
    }

    @POST
    @Path("/{id}/heartbeat")
    @Requires(Scope.WORK)
    public Beat beat(@PathParam("id") String id, @Nullable JsonNode body, @Context HttpServletRequest request) {
        UUID jobId = JobIds.parse(id);
        seen.require(jobId, Caller.of(request));
        WorkerRequests.Heartbeat beat = WorkerRequests.Heartbeat.read(body);
        Optional<RemoteLease> extended = workers.beat(jobId, beat.leaseId(), beat.lease(), beat.progress(), beat.log());
        if (extended.isPresent()) {
            workerReported.run();
            return new Beat(false, extended.get().expiresAt());
        }
        Job job = queue.find(jobId).orElseThrow(() -> JobIds.unknown(id));
        if (job.state() == JobState.CANCELLED) {
            return new Beat(true, null);
        }
        throw notHeld(id);
    }

    @POST
    @Path("/{id}/complete")
    @Requires(Scope.WORK)
    public Job complete(@PathParam("id") String id, @Nullable JsonNode body, @Context HttpServletRequest request) {
        UUID jobId = JobIds.parse(id);
        seen.require(jobId, Caller.of(request));
        WorkerRequests.Completion completion = WorkerRequests.Completion.read(body);
        return finished(id, jobId, workers.complete(jobId, completion.leaseId(), completion.result()));
    }

    @POST
    @Path("/{id}/fail")
    @Requires(Scope.WORK)
    public Job fail(@PathParam("id") String id, @Nullable JsonNode body, @Context HttpServletRequest request) {
        UUID jobId = JobIds.parse(id);
        seen.require(jobId, Caller.of(request));
        WorkerRequests.Failure failure = WorkerRequests.Failure.read(body);
        String error = JobError.storable(failure.error());
        return finished(id, jobId, workers.fail(jobId, failure.leaseId(), error, failure.retry()));
    }

    private Job finished(String id, UUID jobId, Optional<Job> written) {
        queues.written();
        return written.orElseThrow(() -> refused(id, jobId));
    }

    private ProblemException refused(String id, UUID jobId) {
        return queue.find(jobId).isPresent() ? notHeld(id) : JobIds.unknown(id);
    }

    private static ProblemException notHeld(String id) {
        return ProblemException.of(
                409, "the leaseToken is no longer the holder's of job '" + id + "'; nothing was changed");
    }
}
