package io.trayb.events;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.testing.DropwizardTestSupport;
import io.dropwizard.util.Duration;
import io.trayb.http.ExceptionProblems;
import io.trayb.http.ProblemWriter;
import io.trayb.http.StrictJson;
import io.trayb.keys.Caller;
import io.trayb.testing.TestRedis;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.LifeCycle;
import redis.clients.jedis.Connection;
import redis.clients.jedis.UnifiedJedis;

/** A service that has nothing but the events part, on a real server, with a real Redis. */
final class TestNode implements AutoCloseable {
    /** The server's own. */
    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.seconds(30);

    private static final Caller LOCAL = Caller.local(() -> true);

    private final HttpClient http = HttpClient.newHttpClient();
    private final DropwizardTestSupport<Configuration> server;
    private final RecordingObserver observer = new RecordingObserver();
    private Events events;
    private boolean toldAll;
    private volatile boolean ready = true;

    TestNode(TestRedis redis, EventsConfiguration eventsConfiguration) {
        this(redis, eventsConfiguration, 0);
    }

    /** On a port of its own, for those that have to know it before. */
    TestNode(TestRedis redis, EventsConfiguration eventsConfiguration, int port) {
        this(redis, eventsConfiguration, "127.0.0.1", port);
    }

    /** With a Redis that is reached in another way. */
    TestNode(UnifiedJedis client, Supplier<Connection> connections, EventsConfiguration eventsConfiguration) {
        this(client, connections, eventsConfiguration, "127.0.0.1", 0, DEFAULT_IDLE_TIMEOUT);
    }

    /** On another address of this machine; the admin port stays on loopback. */
    TestNode(TestRedis redis, EventsConfiguration eventsConfiguration, String host, int port) {
        this(redis.client(), redis::connect, eventsConfiguration, host, port, DEFAULT_IDLE_TIMEOUT);
    }

    /** On a server that closes connections on which nothing happens for so long. */
    TestNode(TestRedis redis, EventsConfiguration eventsConfiguration, Duration idleTimeout) {
        this(redis.client(), redis::connect, eventsConfiguration, "127.0.0.1", 0, idleTimeout);
    }

    private TestNode(
            UnifiedJedis client,
            Supplier<Connection> connections,
            EventsConfiguration eventsConfiguration,
            String host,
            int port,
            Duration idleTimeout) {
        DefaultServerFactory factory = new DefaultServerFactory();
        factory.setApplicationConnectors(List.of(on(host, port, idleTimeout)));
        factory.setAdminConnectors(List.of(on("127.0.0.1", 0, DEFAULT_IDLE_TIMEOUT)));
        factory.setJerseyRootPath("/api/*");
        factory.setShutdownGracePeriod(Duration.seconds(5));
        Configuration dropwizard = new Configuration();
        dropwizard.setServerFactory(factory);
        server = new DropwizardTestSupport<>(EventsApplication.class, dropwizard) {
            @Override
            public Application<Configuration> newApplication() {
                return new EventsApplication(client, connections, eventsConfiguration);
            }
        };
        try {
            server.before();
        } catch (Exception e) {
            throw new IllegalStateException("the test's server didn't start", e);
        }
    }

    private static HttpConnectorFactory on(String host, int port, Duration idleTimeout) {
        HttpConnectorFactory connector = new HttpConnectorFactory();
        connector.setPort(port);
        connector.setBindHost(host);
        connector.setIdleTimeout(idleTimeout);
        return connector;
    }

    Events events() {
        return Objects.requireNonNull(events);
    }

    RecordingObserver observer() {
        return observer;
    }

    /** After the close: whether the events part could tell the log all that it had to. */
    boolean toldAll() {
        return toldAll;
    }

    /** What it says at /readyz from now on. */
    void ready(boolean nowReady) {
        ready = nowReady;
    }

    int port() {
        return server.getLocalPort();
    }

    /** Of each connection that is open, in milliseconds; 0 is none. */
    List<Long> idleTimeouts() {
        return server
                .getEnvironment()
                .getApplicationContext()
                .getServer()
                .getConnectors()[0]
                .getConnectedEndPoints()
                .stream()
                .map(EndPoint::getIdleTimeout)
                .toList();
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        return send(port(), method, path, headers);
    }

    HttpResponse<String> sendToAdmin(String method, String path) throws IOException, InterruptedException {
        return send(server.getAdminPort(), method, path);
    }

    private HttpResponse<String> send(int port, String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.after();
    }

    /** Wires the events part as the service does. */
    private final class EventsApplication extends Application<Configuration> {
        private final UnifiedJedis client;
        private final Supplier<Connection> connections;
        private final EventsConfiguration configuration;

        EventsApplication(UnifiedJedis client, Supplier<Connection> connections, EventsConfiguration configuration) {
            this.client = client;
            this.connections = connections;
            this.configuration = configuration;
        }

        @Override
        public void run(Configuration unused, Environment environment) {
            environment.jersey().disable();
            events = new Events(
                    configuration,
                    client,
                    connections,
                    new ProblemWriter(new ExceptionProblems(UUID::randomUUID), StrictJson.newMapper()),
                    name -> Optional.of(LOCAL),
                    observer,
                    new SecureRandom(),
                    InstantSource.system(),
                    System::nanoTime);
            events.register(environment);
            var everybody = environment.servlets().addFilter("everybody", (request, response, chain) -> {
                LOCAL.isCallerOf((HttpServletRequest) request);
                chain.doFilter(request, response);
            });
            everybody.setAsyncSupported(true);
            everybody.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
            environment.servlets().addServlet("readyz", new ReadyServlet()).addMapping("/readyz");
            environment.lifecycle().manage(new Threads());
            environment.lifecycle().addEventListener(new LifeCycle.Listener() {
                @Override
                public void lifeCycleStopping(LifeCycle stopping) {
                    ready = false;
                    try {
                        events.endStreams();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
        }
    }

    /** As the service's own: 503 from the moment on in which it begins to stop. */
    private final class ReadyServlet extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }

    /** The start and the stop of the events part. */
    private final class Threads implements Managed {
        @Override
        public void start() {
            events.start();
        }

        @Override
        public void stop() throws InterruptedException {
            toldAll = events.stop();
        }
    }
}
