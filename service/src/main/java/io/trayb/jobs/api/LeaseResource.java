package io.trayb.jobs.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.http.RequestIds;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.RemoteLease;
import io.trayb.jobs.queue.RemoteWorkers;
import io.trayb.jobs.worker.WaitingWorkers;
import io.trayb.keys.Caller;
import io.trayb.keys.Refusals;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.CompletionCallback;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hands jobs to workers in other languages. Thread-safe; a worker that waits holds no thread. */
@Path("/v1/queues/{queue}/leases")
@Produces(MediaType.APPLICATION_JSON)
public final class LeaseResource {
    /** The jobs that a worker holds from now on. */
    public record Leases(List<Lease> jobs) {
        /**
         * One of them.
         *
         * @param leaseToken to be shown with everything that is said about the job
         * @param leaseExpiresAt when it goes to another worker unless a heartbeat comes
         */
        public record Lease(@JsonUnwrapped Job job, String leaseToken, Instant leaseExpiresAt) {}

        static Leases of(List<RemoteLease> started) {
            return new Leases(started.stream()
                    .map(remote -> new Lease(
                            remote.lease().job(), LeaseTokens.of(remote.lease().leaseId()), remote.expiresAt()))
                    .toList());
        }
    }

    static final int DEFAULT_LEASE_MS = 30_000;
    static final int MIN_LEASE_MS = 1_000;
    static final int MAX_LEASE_MS = 3_600_000;

    private static final List<String> FIELDS = List.of("worker", "limit", "leaseMs", "waitMs", "types");
    static final Pattern WORKER = Pattern.compile("[\\x20-\\x7e]{1,200}");
    static final int MAX_LIMIT = 500;
    static final int MAX_WAIT_MS = 25_000;
    static final int MAX_TYPES = 1_000;
    private static final Duration WHEN_FULL = Duration.ofSeconds(5);

    private final WaitingWorkers waiting;
    private final RemoteWorkers workers;
    private final QueueCache queues;
    private final Runnable workerReported;

    /** @param workerReported told whenever a worker asks for jobs: there is one */
    public LeaseResource(WaitingWorkers waiting, RemoteWorkers workers, QueueCache queues, Runnable workerReported) {
        this.waiting = waiting;
        this.workers = workers;
        this.queues = queues;
        this.workerReported = workerReported;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.WORK)
    public void lease(
            @PathParam("queue") String queue,
            @Nullable JsonNode body,
            @Suspended AsyncResponse response,
            @Context HttpServletRequest servletRequest) {
        Caller caller = Caller.of(servletRequest);
        WaitingWorkers.Request request = read(queue, body, caller::isLive);
        caller.requireQueue("queue", queue);
        workerReported.run();
        if (!request.patience().isZero() && waiting.isFull()) {
            throw ProblemException.unavailable("too many workers wait on this node", WHEN_FULL, null);
        }
        // The request may be gone by then, and with it its attributes.
        String id = RequestIds.of(servletRequest);
        var unused = waiting.lease(request)
                .whenComplete((started, thrown) -> RequestIds.during(id, () -> answer(response, started, thrown)));
    }

    private void answer(AsyncResponse response, @Nullable List<RemoteLease> started, @Nullable Throwable thrown) {
        if (thrown instanceof WaitingWorkers.NoLongerAllowed) {
            response.resume(Refusals.badKey("This API key was revoked or has expired meanwhile"));
        } else if (thrown != null) {
            response.resume(thrown);
        } else {
            answer(response, Objects.requireNonNull(started));
        }
    }

    /** A worker that is gone never hears of its jobs: they go back at once, uncounted. */
    private void answer(AsyncResponse response, List<RemoteLease> started) {
        if (!started.isEmpty()) {
            queues.written();
        }
        response.register((CompletionCallback) thrown -> {
            if (thrown != null && !started.isEmpty()) {
                workers.giveBack(started);
            }
        });
        if (!response.resume(Leases.of(started)) && !started.isEmpty()) {
            workers.giveBack(started);
        }
    }

    /** @param allowed whether the worker may still be given jobs */
    static WaitingWorkers.Request read(String queue, @Nullable JsonNode body, BooleanSupplier allowed) {
        ValidationErrors errors = new ValidationErrors();
        errors.check(
                JobSubmission.QUEUE.matcher(queue).matches(),
                "queue",
                queue,
                "must be " + JobSubmission.QUEUE.pattern());
        JsonFields fields = JsonFields.ofBody(body, FIELDS, errors);
        String worker = fields.text("worker", WORKER, "of 1 to 200 printable ASCII characters");
        fields.require("worker");
        int limit = (int) fields.number("limit", 1, MAX_LIMIT, 1);
        long leaseMs = fields.number("leaseMs", MIN_LEASE_MS, MAX_LEASE_MS, DEFAULT_LEASE_MS);
        long waitMs = fields.number("waitMs", 0, MAX_WAIT_MS, 0);
        Set<String> types = types(fields);
        errors.throwIfAny();
        return new WaitingWorkers.Request(
                queue,
                String.valueOf(worker),
                limit,
                Duration.ofMillis(leaseMs),
                Duration.ofMillis(waitMs),
                types,
                allowed);
    }

    private static Set<String> types(JsonFields fields) {
        JsonNode node = fields.present("types");
        Set<String> types = new LinkedHashSet<>();
        if (node == null) {
            return types;
        }
        if (!node.isArray() || node.isEmpty() || node.size() > MAX_TYPES) {
            fields.wrong("types", node, "must be an array of 1 to " + MAX_TYPES + " job types");
            return types;
        }
        for (int i = 0; i < node.size(); i++) {
            JsonNode type = node.get(i);
            if (type.isTextual() && JobSubmission.TYPE.matcher(type.textValue()).matches()) {
                types.add(type.textValue());
            } else {
                fields.wrong("types[" + i + "]", type, "must be text " + JobSubmission.TYPE.pattern());
            }
        }
        return types;
    }
}
