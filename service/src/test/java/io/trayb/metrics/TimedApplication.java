package io.trayb.metrics;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.trayb.monitoring.catalog.TraybCatalog;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.time.InstantSource;
import java.util.Map;

/** A service with nothing in it but instruments, and a few things to be measured. */
public class TimedApplication extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
        Instruments instruments = new Instruments(TraybCatalog.withDefaults(), "1.2.3", InstantSource.system());
        instruments.install(environment);
        environment.jersey().register(new Jobs());
        environment.servlets().addServlet("stream", new Answer("stream")).addMapping("/api/v1/events");
        var async = environment.servlets().addServlet("async", new AnswerLater());
        async.setAsyncSupported(true);
        async.addMapping("/api/v1/later");
        environment.servlets().addServlet("broken", new Broken()).addMapping("/api/v1/broken");
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
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
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
