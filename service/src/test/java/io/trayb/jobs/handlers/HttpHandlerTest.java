package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import io.trayb.jobs.JobFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpHandlerTest {
    private final HttpHandler handler =
            new HttpHandler(new HttpAllowList(List.of("127.0.0.1")), HttpSecrets.none(), HttpTrust.ofTheJvm());
    private final CountDownLatch hang = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        answer("/ok", 200, "fine");
        answer("/missing", 404, "no");
        answer("/broken", 503, "no");
        answer("/moved", 302, "elsewhere");
        answer("/large", 200, "x".repeat(200_000));
        server.createContext("/echo", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String answer = exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("X-Mine") + " " + new String(body, StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length());
            exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.createContext("/hang", exchange -> {
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
        handler.start();
    }

    @AfterEach
    void stop() throws IOException {
        hang.countDown();
        handler.stop();
        server.stop(0);
    }

    @Test
    void its_result_is_status_and_body() throws Exception {
        assertThat(run("GET", "/ok", null)).isEqualTo(new HttpHandler.Result(200, "fine", false));
    }

    @Test
    void sends_method_headers_and_body() throws Exception {
        JsonNode body = JsonNodeFactory.instance.objectNode().put("a", 1);

        Object result = handler.run(
                new HttpHandler.Payload("post", url("/echo"), Map.of("X-Mine", "yes"), body, null), new LoneJob());

        assertThat(result).isEqualTo(new HttpHandler.Result(200, "POST yes {\"a\":1}", false));
    }

    @Test
    void a_long_body_is_cut_and_says_so() throws Exception {
        HttpHandler.Result result = (HttpHandler.Result) run("GET", "/large", null);

        assertThat(result.body()).hasSize(64 * 1024);
        assertThat(result.truncated()).isTrue();
    }

    @Test
    void a_redirect_is_a_result_and_is_not_followed() throws Exception {
        assertThat(((HttpHandler.Result) run("GET", "/moved", null)).status()).isEqualTo(302);
    }

    @Test
    void server_errors_are_retried_and_client_errors_are_not() {
        assertThat(failure("GET", url("/broken")).isPermanent()).isFalse();
        assertThat(failure("GET", url("/missing")).isPermanent()).isTrue();
    }

    @Test
    void a_host_that_is_not_listed_fails_for_good_and_names_the_setting() {
        JobFailure failure =
                failure("GET", "http://127.0.0.2:" + server.getAddress().getPort() + "/ok");

        assertThat(failure.isPermanent()).isTrue();
        assertThat(failure).hasMessageContaining("127.0.0.2").hasMessageContaining("HTTP_JOB_ALLOW");
    }

    @Test
    void localhost_is_loopback_when_it_is_listed() throws Exception {
        HttpHandler local =
                new HttpHandler(new HttpAllowList(List.of("localhost")), HttpSecrets.none(), HttpTrust.ofTheJvm());
        local.start();
        try {
            String url = "http://localhost:" + server.getAddress().getPort() + "/ok";
            assertThat(local.run(new HttpHandler.Payload("GET", url, null, null, null), new LoneJob()))
                    .isEqualTo(new HttpHandler.Result(200, "fine", false));
        } finally {
            local.stop();
        }
    }

    @Test
    void a_call_that_does_not_come_through_is_retried() {
        int port = server.getAddress().getPort();
        server.stop(0);

        assertThat(failure("GET", "http://127.0.0.1:" + port + "/ok").isPermanent())
                .isFalse();
    }

    @Test
    void what_is_no_http_url_is_refused() {
        assertThat(failure("GET", "file:///etc/passwd").isPermanent()).isTrue();
        assertThat(failure("GET", "http://user@127.0.0.1/").isPermanent()).isTrue();
        assertThat(failure("BREW", url("/ok"))).hasMessageContaining("BREW").hasMessageContaining("GET");
    }

    @Test
    void an_interruption_ends_the_call() throws Exception {
        var threads = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch ended = new CountDownLatch(1);
            Future<?> call = threads.submit(() -> {
                try {
                    return run("GET", "/hang", null);
                } finally {
                    ended.countDown();
                }
            });
            call.cancel(true);
            assertThat(ended.await(5, java.util.concurrent.TimeUnit.SECONDS) || call.isCancelled())
                    .isTrue();
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(5, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private @Nullable Object run(String method, String path, @Nullable JsonNode body) throws Exception {
        return handler.run(new HttpHandler.Payload(method, url(path), null, body, null), new LoneJob());
    }

    private JobFailure failure(String method, String url) {
        return catchThrowableOfType(
                JobFailure.class,
                () -> handler.run(new HttpHandler.Payload(method, url, null, null, null), new LoneJob()));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(String path, int status, String body) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
    }
}
