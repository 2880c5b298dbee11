package io.trayb.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.http.Loopback;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's own port, where a single process would have its admin port: the metrics of all processes, the supervisor's own
 * health, and where each process's admin port is. Like that one it answers programs on this machine only.
 */
final class ClusterServer {
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_READY = 503;
    private static final int MOST_THREADS = 8;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private final Server server = new Server(new QueuedThreadPool(MOST_THREADS, 1));
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final Supplier<List<ProcessState>> processes;
    private final ProcessMetrics metrics;
    private final ObjectMapper json;
    private final String version;
    private final LongSupplier nanoTime;
    private final long startedAt;

    /**
     * @param port 0 takes a free one
     * @param version of the product
     */
    ClusterServer(
            @Nullable String host,
            int port,
            Supplier<List<ProcessState>> processes,
            ObjectMapper json,
            String version,
            LongSupplier nanoTime) {
        this.processes = processes;
        this.metrics = new ProcessMetrics(processes);
        this.json = json;
        this.version = version;
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new Pages());
    }

    /** @throws Exception what Jetty throws, such as when the port is taken */
    void start() throws Exception {
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    void stop() throws Exception {
        server.stop();
    }

    private record Page(int status, String type, String text) {}

    private final class Pages extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Page page = isFromHere(request) ? page(Request.getPathInContext(request)) : refusal();
            response.setStatus(page.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, page.type());
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Content.Sink.write(response, true, page.text(), callback);
            return true;
        }
    }

    private Page page(String path) throws JsonProcessingException {
        return switch (path) {
            case "/" -> new Page(OK, TEXT, index());
            case "/metrics" -> new Page(OK, MergedMetrics.CONTENT_TYPE, metrics.read());
            case "/healthz" -> new Page(OK, JSON, json.writeValueAsString(health()));
            case "/readyz" -> readiness();
            default -> new Page(NOT_FOUND, TEXT, "There are /, /metrics, /healthz and /readyz here.\n");
        };
    }

    private Map<String, Object> health() {
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", "ok");
        health.put(
                "uptimeMs", Duration.ofNanos(nanoTime.getAsLong() - startedAt).toMillis());
        health.put("version", version);
        return health;
    }

    /** Ready as long as one process is: the port that they share is served. */
    private Page readiness() throws JsonProcessingException {
        List<ProcessState> now = processes.get();
        long ready = now.stream()
                .filter(process -> process.state() == ProcessState.State.READY)
                .count();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", ready > 0 ? "ok" : "degraded");
        answer.put("ready", ready);
        answer.put("processes", now);
        return new Page(ready > 0 ? OK : NOT_READY, JSON, json.writeValueAsString(answer));
    }

    private String index() {
        StringBuilder text = new StringBuilder(
                "The supervisor of a Trayb cluster: /metrics of all processes, /healthz, /readyz.\n\n");
        for (ProcessState process : processes.get()) {
            text.append("%-10s %-9s pid %-8s %s  (%s)%n"
                    .formatted(
                            process.name(),
                            process.state().wireName(),
                            process.pid(),
                            process.adminUrl() == null ? "-" : process.adminUrl() + "/",
                            String.join(", ", process.roles())));
        }
        return text.toString();
    }

    private static Page refusal() {
        return new Page(
                FORBIDDEN,
                TEXT,
                "This port asks for no API key, so it answers programs on this machine only: Host must name "
                        + Loopback.ALLOWED + ", and so must Origin, or be left out.\n");
    }

    /** A browser gives away in these two headers that a page from elsewhere asks, and no page can change them. */
    private static boolean isFromHere(Request request) {
        return Loopback.is(Request.getServerName(request))
                && request.getHeaders().getValuesList(HttpHeader.ORIGIN).stream()
                        .allMatch(ClusterServer::isHere);
    }

    private static boolean isHere(String origin) {
        try {
            return Loopback.is(new URI(origin).getHost());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
