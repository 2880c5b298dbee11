package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ProblemException;
import io.trayb.http.QueryParameters;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.ScheduleDefinition;
import io.trayb.jobs.schedule.ScheduleConflict;
import io.trayb.jobs.schedule.Timetable;
import io.trayb.jobs.store.Schedules;
import io.trayb.keys.Audited;
import io.trayb.keys.Caller;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Adds, shows, replaces and removes schedules. Thread-safe. */
@Path("/v1/schedules")
@Produces(MediaType.APPLICATION_JSON)
public final class ScheduleResource {
    private static final Set<String> PARAMETERS = new TreeSet<>(List.of("cursor", "limit"));
    private static final int SHOWN = 100;

    /** A page of a list. The cursor is the last name on it. */
    record Page(List<ScheduleView> schedules, @Nullable String nextCursor) {}

    private final Timetable timetable;
    private final ScheduleReader reader;

    /** @param clock for what a job's fields are compared with; schedules go by the database's */
    public ScheduleResource(Timetable timetable, InstantSource clock) {
        this.timetable = timetable;
        this.reader = new ScheduleReader(clock);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.OPERATE)
    public Response add(@Nullable JsonNode body, @Context UriInfo uri, @Context HttpServletRequest request) {
        ScheduleDefinition definition = reader.read(body, null);
        note(definition, request);
        Caller.of(request).requireQueue("job.queue", definition.job().queue());
        try {
            ScheduleView added = ScheduleView.of(timetable.add(definition));
            return Response.created(uri.getBaseUriBuilder()
                            .path(ScheduleResource.class)
                            .path(added.name())
                            .build())
                    .entity(added)
                    .build();
        } catch (ScheduleConflict conflict) {
            throw ProblemException.of(409, String.valueOf(conflict.getMessage()));
        }
    }

    @GET
    @Requires(Scope.READ)
    public Response list(@Context UriInfo uri, @Context HttpServletRequest request) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        ValidationErrors errors = new ValidationErrors();
        QueryParameters.checkNames(query, PARAMETERS, errors);
        String cursor = QueryParameters.matching(query, "cursor", ScheduleDefinition.NAME, errors);
        int limit = QueryParameters.limit(query, errors);
        errors.throwIfAny();
        List<ScheduleView> schedules = timetable.list(cursor == null ? "" : cursor, limit, filter(request)).stream()
                .map(ScheduleView::of)
                .toList();
        String next = schedules.size() < limit
                ? null
                : schedules.get(schedules.size() - 1).name();
        return Response.ok(new Page(schedules, next)).build();
    }

    @GET
    @Path("/{name}")
    @Requires(Scope.READ)
    public Response get(@PathParam("name") String name, @Context HttpServletRequest request) {
        return ok(timetable.find(known(name), filter(request)).orElseThrow(() -> unknown(name)));
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.OPERATE)
    public Response replace(
            @PathParam("name") String name, @Nullable JsonNode body, @Context HttpServletRequest request) {
        ScheduleDefinition definition = reader.read(body, known(name));
        note(definition, request);
        Caller.of(request).requireQueue("job.queue", definition.job().queue());
        return ok(timetable.replace(definition, filter(request)).orElseThrow(() -> unknown(name)));
    }

    @DELETE
    @Path("/{name}")
    @Requires(Scope.OPERATE)
    public void remove(@PathParam("name") String name, @Context HttpServletRequest request) {
        if (!timetable.remove(known(name), filter(request))) {
            throw unknown(name);
        }
    }

    /** All but the job's payload, which may have secrets. */
    private static void note(ScheduleDefinition definition, HttpServletRequest request) {
        JobSubmission job = definition.job();
        Map<String, @Nullable Object> submitted = new LinkedHashMap<>();
        submitted.put("queue", job.queue());
        submitted.put("type", job.type());
        submitted.put("payloadBytes", job.payload().getBytes(StandardCharsets.UTF_8).length);
        submitted.put("priority", job.priority());
        submitted.put("delayMs", job.delay().toMillis());
        submitted.put("maxAttempts", job.maxAttempts());
        submitted.put("timeoutMs", job.timeout().toMillis());
        submitted.put("uniqueKey", job.uniqueKey());
        Duration interval = definition.interval();
        Audited.of(request)
                .note("name", definition.name())
                .note("cron", definition.cron())
                .note("intervalMs", interval == null ? null : interval.toMillis())
                .note("timeZone", definition.timeZone())
                .note("missedRuns", definition.missedRuns().wireName())
                .note("enabled", definition.enabled())
                .note("job", submitted);
    }

    /** A schedule is there for those who can see the queue of its jobs. */
    private static Schedules.QueueFilter filter(HttpServletRequest request) {
        QueuePattern seen = Caller.of(request).queues();
        return new Schedules.QueueFilter(seen.single(), seen.isAll() ? null : seen.prefix());
    }

    private static Response ok(Schedule schedule) {
        return Response.ok(ScheduleView.of(schedule)).build();
    }

    /** No schedule has a name of another shape, so it is one that doesn't exist. */
    private static String known(String name) {
        if (!ScheduleDefinition.NAME.matcher(name).matches()) {
            throw unknown(name);
        }
        return name;
    }

    private static ProblemException unknown(String name) {
        String shown = name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
        return ProblemException.of(404, "there is no schedule '" + shown + "'");
    }
}
