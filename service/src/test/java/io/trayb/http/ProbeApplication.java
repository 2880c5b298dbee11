package io.trayb.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.ConnectionException;

/** A real server with resources that go wrong in every way that resources do. */
public final class ProbeApplication extends Application<Configuration> {
    /** What the probe takes and gives back. */
    public record Probe(String name, int count, boolean flag, Instant at, List<Item> items, JsonNode payload) {}

    /** One of many. */
    public record Item(Integer priority) {}

    /** Held to constraints. */
    public record Bounded(@NotNull @Max(9) Integer priority) {}

    @Override
    public void initialize(Bootstrap<Configuration> bootstrap) {
        bootstrap.setObjectMapper(StrictJson.newMapper());
        bootstrap.setConfigurationFactoryFactory((type, validator, mapper, prefix) ->
                new YamlConfigurationFactory<>(type, validator, Jackson.newObjectMapper(), prefix));
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        ((AbstractServerFactory) configuration.getServerFactory()).setRegisterDefaultExceptionMappers(false);
        HttpBundle http = HttpBundle.install(environment, refusal -> {}, text -> false);
        http.answerLoopbackOnly(environment, () -> true);
        environment.jersey().setUrlPattern("/api/*");
        environment.jersey().register(new ProbeResource());
        environment.servlets().addServlet("broken", new BrokenServlet()).addMapping("/broken");
        environment.servlets().addServlet("refusing", new RefusingServlet(http)).addMapping("/refusing");
        environment.admin().addServlet("broken", new BrokenServlet()).addMapping("/broken");
    }

    /** What goes wrong. */
    @Path("/probe")
    @Consumes("application/json")
    @Produces("application/json")
    public static final class ProbeResource {
        @POST
        public Probe echo(Probe probe) {
            return probe;
        }

        @POST
        @Path("/large")
        @BodyLimit(3 * 1024 * 1024)
        public String large(JsonNode body) {
            return "{}";
        }

        @POST
        @Path("/bounded")
        public String bounded(@Valid Bounded bounded) {
            return "{}";
        }

        @GET
        @Path("/limit")
        public String limit(@QueryParam("limit") Integer limit) {
            return "{}";
        }

        @GET
        @Path("/{fault}")
        public String fault(@PathParam("fault") String fault) {
            if (fault.equals("outage")) {
                throw new ConnectionException(new SQLException("connection refused", "08001"));
            }
            throw new IllegalStateException("secret internals of io.trayb");
        }

        @GET
        @Path("/several")
        public String several() {
            ValidationErrors errors = new ValidationErrors();
            errors.check(false, "queue", "UPPER", "must be lower case");
            errors.check(false, "priority", 12, "must be 0 (first) to 9 (last)");
            errors.check(true, "type", "echo", "must be there");
            errors.throwIfAny();
            return "{}";
        }
    }

    private static final class BrokenServlet extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            throw new IllegalStateException("secret internals of io.trayb");
        }
    }

    private static final class RefusingServlet extends HttpServlet {
        private final transient HttpBundle http;

        RefusingServlet(HttpBundle http) {
            this.http = http;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws java.io.IOException {
            http.problemWriter().write(response, ProblemException.of(409, "It is taken"));
        }
    }
}
