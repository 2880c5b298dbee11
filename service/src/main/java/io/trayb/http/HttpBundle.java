package io.trayb.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.setup.ServletEnvironment;
import io.trayb.monitoring.catalog.RefusedRequests.Reason;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.validation.ValidationException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.component.LifeCycle;

/** What every HTTP answer has in common, put into a Dropwizard environment once. */
public final class HttpBundle {
    /** A header of 8 KiB takes two seconds at the 32 kbit/s of the slowest link that anybody is on. */
    private static final Duration WHOLE_HEADER = Duration.ofSeconds(10);

    /** The part of the heap that bodies may have which are still coming, or which nobody has read yet. */
    private static final int BODIES_SHARE = 8;

    private static final Duration TELL_REFUSALS_EVERY = Duration.ofMinutes(1);

    private final ExceptionProblems problems;
    private final ProblemWriter writer;

    private HttpBundle(Environment environment, Consumer<Reason> refusals, Predicate<String> secret) {
        this.problems = new ExceptionProblems(UUID::randomUUID, refusals);
        ObjectMapper json = environment.getObjectMapper();
        this.writer = new ProblemWriter(problems, json);
        LongSupplier ids = () -> ThreadLocalRandom.current().nextLong();
        JettyProblems jetty = new JettyProblems(problems, json, ids);
        environment.jersey().register(new ProblemMapper<Throwable>(problems, json) {});
        environment.jersey().register(new ProblemMapper<ValidationException>(problems, json) {});
        environment.jersey().register(new BodyLimitFeature());
        environment.jersey().register(new BodyRequired());
        environment.jersey().register(new ContentTypes());
        for (ServletEnvironment port : List.of(environment.servlets(), environment.admin())) {
            add(port, "request-ids", new RequestIds.OnServletThread());
            add(port, "safe-headers", new SafeHeaders());
        }
        environment.getApplicationContext().setErrorHandler(jetty.forServlets());
        environment.getAdminContext().setErrorHandler(jetty.forServlets());
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStarting(LifeCycle event) {
                // Dropwizard sets a handler of its own while it builds the server, after everything that we could hook
                // into.
                if (event instanceof Server server) {
                    server.setErrorHandler(jetty.forServer());
                    server.insertHandler(new EagerContentHandler(new WholeBodies(
                            new BodyBudget(Runtime.getRuntime().maxMemory() / BODIES_SHARE),
                            new RefusedBodies(TELL_REFUSALS_EVERY),
                            System::nanoTime)));
                    server.insertHandler(new LingeringClose(System::nanoTime));
                    server.insertHandler(new RequestIds(ids, secret));
                    HeaderDeadline headers = new HeaderDeadline(WHOLE_HEADER, System::nanoTime);
                    server.insertHandler(headers);
                    for (Connector connector : server.getConnectors()) {
                        connector.addEventListener(headers);
                    }
                    SpareThreads.giveBack(server);
                }
            }
        });
    }

    /**
     * Installs it; Dropwizard's own exception mappers must be switched off.
     *
     * @param refusals hears of each request that is refused with 401, 403 or 429, and why; must not block and must not throw
     * @param secret whether there is something in a client's text that must be in no log
     */
    public static HttpBundle install(Environment environment, Consumer<Reason> refusals, Predicate<String> secret) {
        return new HttpBundle(environment, refusals, secret);
    }

    /** Lets web pages of some origins call the application's port. The admin port is none of theirs. */
    public void allowOrigins(Environment environment, CorsConfiguration cors) {
        if (!cors.allowedOrigins().isEmpty()) {
            environment.getApplicationContext().insertHandler(CrossOrigin.handler(cors.allowedOrigins()));
        }
    }

    /**
     * Refuses, on every path of both ports, what isn't addressed to this machine's loopback or was sent by a web page from
     * elsewhere: the whole protection of a port that asks for no API key. To be called before a filter is added that must not
     * see such requests.
     *
     * @param applicationToo whether the application's port is such a one; asked at each request. The admin port is, always
     */
    public void answerLoopbackOnly(Environment environment, BooleanSupplier applicationToo) {
        answerLoopbackOnly(environment.servlets(), applicationToo);
        answerLoopbackOnly(environment.admin(), () -> true);
    }

    private void answerLoopbackOnly(ServletEnvironment port, BooleanSupplier needed) {
        add(port, "loopback", new LoopbackFilter(writer, needed));
    }

    private static void add(ServletEnvironment port, String name, Filter added) {
        FilterRegistration.Dynamic filter = port.addFilter(name, added);
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    }

    /** For servlets that answer by hand. */
    public ProblemWriter problemWriter() {
        return writer;
    }
}
