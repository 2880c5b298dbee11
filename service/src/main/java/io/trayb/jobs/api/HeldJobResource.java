package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.http.ValidationErrors;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
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

    private static final Pattern LOG = Pattern.compile("[^\\x00\\ud800-\\udfff]{0,2000}");
    private static final Pattern ERROR = Pattern.compile(".+", Pattern.DOTALL);

    private final JobQueue queue;
    private final SeenJobs seen;
    private final RemoteWorkers workers;
    private final QueueCache queues;

    public HeldJobResource(JobQueue queue, RemoteWorkers workers, QueueCache queues) {
        this.queue = queue;
        this.seen = new SeenJobs(queue);
        this.workers = workers;
        this.queues = queues;
    }

    @POST
    @Path("/{id}/heartbeat")
    @Requires(Scope.WORK)
    public Beat beat(@PathParam("id") String id, @Nullable JsonNode body, @Context HttpServletRequest request) {
        UUID jobId = JobIds.parse(id);
        seen.require(jobId, Caller.of(request));
        ValidationErrors errors = new ValidationErrors();
        JsonFields fields = JsonFields.ofBody(body, List.of("leaseToken", "leaseMs", "progress", "log"), errors);
        long leaseId = leaseId(fields);
        long leaseMs = fields.number(
                "leaseMs", LeaseResource.MIN_LEASE_MS, LeaseResource.MAX_LEASE_MS, LeaseResource.DEFAULT_LEASE_MS);
        Integer progress = fields.present("progress") == null ? null : (int) fields.number("progress", 0, 100, 0);
        String log = fields.text("log", LOG, "of at most 2000 characters, without U+0000 or a lone surrogate");
        errors.throwIfAny();
        Optional<RemoteLease> extended = workers.beat(jobId, leaseId, Duration.ofMillis(leaseMs), progress, log);
        if (extended.isPresent()) {
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
        ValidationErrors errors = new ValidationErrors();
        JsonFields fields = JsonFields.ofBody(body, List.of("leaseToken", "result"), errors);
        long leaseId = leaseId(fields);
        String result = fields.present("result") == null ? null : fields.json("result");
        errors.throwIfAny();
        return finished(id, jobId, workers.complete(jobId, leaseId, result));
    }

    @POST
    @Path("/{id}/fail")
    @Requires(Scope.WORK)
    public Job fail(@PathParam("id") String id, @Nullable JsonNode body, @Context HttpServletRequest request) {
        UUID jobId = JobIds.parse(id);
        seen.require(jobId, Caller.of(request));
        ValidationErrors errors = new ValidationErrors();
        JsonFields fields = JsonFields.ofBody(body, List.of("leaseToken", "error", "retry"), errors);
        long leaseId = leaseId(fields);
        String error = fields.text("error", ERROR, "that says what went wrong");
        fields.require("error");
        boolean retry = fields.flag("retry", true);
        errors.throwIfAny();
        return finished(id, jobId, workers.fail(jobId, leaseId, JobError.storable(String.valueOf(error)), retry));
    }

    private Job finished(String id, UUID jobId, Optional<Job> written) {
        queues.written();
        return written.orElseThrow(() -> refused(id, jobId));
    }

    private static long leaseId(JsonFields fields) {
        String token = fields.text("leaseToken", LeaseTokens.TOKEN, "as it came with the lease");
        fields.require("leaseToken");
        return LeaseTokens.leaseId(token);
    }

    private ProblemException refused(String id, UUID jobId) {
        return queue.find(jobId).isPresent() ? notHeld(id) : JobIds.unknown(id);
    }

    private static ProblemException notHeld(String id) {
        return ProblemException.of(
                409, "the leaseToken is no longer the holder's of job '" + id + "'; nothing was changed");
    }
}
