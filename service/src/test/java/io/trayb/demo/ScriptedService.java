package io.trayb.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server on loopback that says what a test tells it to say, so that what a real service does seldom (hang up in the middle, tell of a gap)
 * can be seen at will. It holds back everything but a stream's first block until jobs were submitted.
 */
final class ScriptedService implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final CountDownLatch submitted = new CountDownLatch(1);
    private final Queue<String> streams = new ConcurrentLinkedQueue<>();
    final Queue<String> cursors = new ConcurrentLinkedQueue<>();
    final Queue<String> keys = new ConcurrentLinkedQueue<>();
    final Queue<String> readAgain = new ConcurrentLinkedQueue<>();
    volatile int refuseStreamsWith = 200;

    ScriptedService(List<String> streams) throws IOException {
        this.streams.addAll(streams);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/api/v1/jobs/batch", this::takeBatch);
        server.createContext("/api/v1/jobs/", this::tellState);
        server.createContext("/api/v1/events", this::stream);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void takeBatch(HttpExchange exchange) throws IOException {
        keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        JsonNode jobs;
        try (InputStream body = exchange.getRequestBody()) {
            jobs = json.readTree(body).path("jobs");
        }
        StringBuilder answer = new StringBuilder("{\"jobs\":[");
        for (int index = 0; index < jobs.size(); index++) {
            answer.append(index == 0 ? "" : ",")
                    .append("{\"id\":\"job-")
                    .append(index)
                    .append("\"}");
        }
        answer(exchange, 201, answer.append("]}").toString());
        submitted.countDown();
    }

    private void tellState(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        readAgain.add(path.substring(path.lastIndexOf('/') + 1));
        answer(exchange, 200, "{\"state\":\"completed\"}");
    }

    private void stream(HttpExchange exchange) throws IOException {
        if (refuseStreamsWith != 200) {
            answer(exchange, refuseStreamsWith, "{\"title\":\"No\",\"detail\":\"not you\"}");
            return;
        }
        cursors.add(String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
        String rest = streams.poll();
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        write(exchange, "id: start\n\n");
        try {
            if (rest != null && submitted.await(30, TimeUnit.SECONDS)) {
                write(exchange, rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private static void write(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void answer(HttpExchange exchange, int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
