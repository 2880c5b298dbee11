package io.trayb.metrics;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.trayb.monitoring.catalog.DependencyMetrics.Cache;
import io.trayb.monitoring.catalog.DependencyMetrics.CacheResult;
import io.trayb.monitoring.catalog.DependencyMetrics.Dependency;
import io.trayb.monitoring.catalog.EventMetrics.DisconnectReason;
import io.trayb.monitoring.catalog.EventMetrics.GapReason;
import io.trayb.monitoring.catalog.EventMetrics.Kind;
import io.trayb.monitoring.catalog.TraybCatalog;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A service with nothing in it but instruments, and a few things to be measured. */
public class TimedApplication extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
        Instruments instruments = new Instruments(TraybCatalog.withDefaults(), "1.2.3", InstantSource.system());
        instruments.install(environment);
        record(instruments);
        environment.jersey().register(new Jobs());
        environment.servlets().addServlet("stream", new Answer("stream")).addMapping("/api/v1/events");
        var async = environment.servlets().addServlet("async", new AnswerLater());
        async.setAsyncSupported(true);
        async.addMapping("/api/v1/later");
        environment.servlets().addServlet("broken", new Broken()).addMapping("/api/v1/broken");
    }

    /** Once each, whatever a feature could tell. */
    private static void record(Instruments instruments) {
        JobRecorder jobs = instruments.jobs();
        jobs.submitted("mail", "send");
        jobs.started("mail", "send", Duration.ofMillis(20));
        jobs.ran("mail", "send", Duration.ofSeconds(2));
        jobs.completed("mail", "send");
        jobs.attemptFailed("mail", "send");
        jobs.retried("mail", "send");
        jobs.failed("mail", "send");
        jobs.cancelled("mail", "send");
        jobs.stalled("mail", "send");
        jobs.timedOut("mail", "send");
        jobs.leaseConflict("mail", "send");
        instruments.queues().saw(List.of(new QueueDepth("mail", 3, 2, 1, 4, Duration.ofMillis(1500))));
        instruments.queues().sawUnknownTypes(Map.of(List.of("mail", "unheard-of"), 2.0));
        instruments.queues().sawTable(12, Duration.ofSeconds(3));
        instruments.workers().slots(1, 4);
        instruments.workers().handlerAbandoned();
        EventRecorder events = instruments.events();
        events.opened(Kind.SSE);
        events.opened(Kind.SSE);
        events.closed(DisconnectReason.CLIENT_GONE);
        events.opened(Kind.POLL);
        events.answered();
        events.refused(Kind.POLL);
        events.delivered(7);
        events.dropped(GapReason.TRIMMED, 5);
        events.gapTold(GapReason.LOG_LOST);
        events.replayStarted();
        events.published(6);
        events.publishFailed(2);
        events.lag(Duration.ofMillis(30));
        DependencyRecorder dependencies = instruments.dependencies();
        dependencies.answered(Dependency.POSTGRES, Duration.ofMillis(4), Instant.ofEpochSecond(1_800_000_000));
        dependencies.failed(Dependency.REDIS, Duration.ofSeconds(1));
        dependencies.readsPool(() -> 3, () -> 5, () -> 8, () -> 0);
        dependencies.lookedUp(Cache.JOBS, CacheResult.HIT);
        instruments
                .pgbouncer()
                .saw(
                        "pgbouncer-1:6432",
                        List.of(new PgBouncerPool("trayb", "app", 1, 0, 1, 2, 0, Duration.ZERO)),
                        List.of(new PgBouncerTraffic("trayb", 70, Duration.ofMillis(8), Duration.ZERO)),
                        Instant.ofEpochSecond(1_800_000_000));
    }

    /** Resources like the API's own. */
    @Path("/v1")
    @Produces("application/json")
    public static class Jobs {
        @GET
        @Path("/jobs/{id: [a-z0-9]+}")
        public Map<String, String> job(@PathParam("id") String id) {
            return Map.of("id", id);
        }

        @GET
        @Path("/queues/{queue}/leases")
        public Map<String, String> leases(@PathParam("queue") String queue) {
            return Map.of("queue", queue);
        }
    }

    private static final class Answer extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final String text;

        private Answer(String text) {
            this.text = text;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(text);
        }
    }

    private static final class AnswerLater extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            RequestTimer.routed(request, "/api/v1/later");
            AsyncContext later = request.startAsync();
            later.start(() -> {
                response.setStatus(HttpServletResponse.SC_ACCEPTED);
                later.complete();
            });
        }
    }

    private static final class Broken extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            throw new IllegalStateException("broken on purpose");
        }
    }
}
