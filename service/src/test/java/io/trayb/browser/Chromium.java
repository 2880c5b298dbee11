package io.trayb.browser;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.testing.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Chromium without a window, with a profile of its own, spoken to by its DevTools protocol. */
final class Chromium implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path profile;
    private final int port;

    private Chromium(Process process, Path profile, int port) {
        this.process = process;
        this.profile = profile;
        this.port = port;
    }

    static Chromium start() throws IOException {
        Path profile = Files.createTempDirectory("trayb-chromium");
        Path log = profile.resolve("chromium.log");
        Process process = new ProcessBuilder(
                        Programs.find("chromium", "chromium-browser", "google-chrome")
                                .toString(),
                        "--headless",
                        // Root may not use the sandbox, and what is loaded is our own.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Path portFile = profile.resolve("DevToolsActivePort");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        Files.exists(portFile) && Files.readAllLines(portFile).size() == 2);
        return new Chromium(
                process, profile, Integer.parseInt(Files.readAllLines(portFile).get(0)));
    }

    /** Opens a page in a tab of its own, and waits until it is there. */
    Tab open(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?" + url))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        JsonNode target = JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        Tab tab =
                Tab.attach(http, URI.create(target.path("webSocketDebuggerUrl").asText()));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> tab.evaluate("document.readyState === 'complete' && location.href === '" + url + "'")
                        .asBoolean());
        return tab;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        // Its helpers end a moment after it, and write until then.
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            try (Stream<Path> files = Files.walk(profile)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            return Files.notExists(profile);
        });
    }
}
