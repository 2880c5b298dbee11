package io.trayb.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A page of another origin than the service's, in a real Chromium: what one that is allowed can do, and one that isn't. */
final class CrossOriginTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    static Path dataDir;

    private static HttpServer pages;
    private static TestService service;
    private static Chromium chromium;
    private static String key = "";

    @BeforeAll
    static void start() throws Exception {
        pages = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.createContext("/", exchange -> {
            byte[] page = "<!doctype html><title>a page</title>".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        pages.start();
        Map<String, String> variables = new TreeMap<>(TestService.outside(database.url(), redis.port(), dataDir));
        variables.put("CORS_ALLOWED_ORIGINS", allowed());
        service = TestService.start(variables);
        key = TestKeys.create(database, "page", "*", EnumSet.allOf(Scope.class));
        await().until(() -> client().get("/queues").status() == 200);
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() throws Exception {
        chromium.close();
        service.close();
        pages.stop(0);
    }

    private static String allowed() {
        return "http://127.0.0.1:" + pages.getAddress().getPort();
    }

    /** The same page by another name, which is another origin. */
    private static String other() {
        return "http://localhost:" + pages.getAddress().getPort();
    }

    private static ServiceClient client() {
        return service.client().with(key);
    }

    private static String at(String path) {
        return "http://127.0.0.1:" + service.port() + path;
    }

    private static String submission() {
        return """
                fetch('%s', {
                  method: 'POST',
                  headers: { 'Authorization': 'Bearer %s', 'Content-Type': 'application/json', 'X-Request-Id': 'page-1' },
                  body: JSON.stringify({ type: 'nobody', queue: 'pages' }),
                }).then((answer) => answer.status + ' ' + answer.headers.get('Location') + ' ' + answer.headers.get('X-Request-Id'),
                        (failure) => failure.name)""".formatted(at("/api/v1/jobs"), key);
    }

    @Test
    void a_page_of_an_allowed_origin_submits_a_job_and_follows_it_with_a_ticket() throws Exception {
        String ticket = client().post("/events/tickets", "{'topics':['queue:pages']}")
                .json(201)
                .path("ticket")
                .asText();
        Tab tab = chromium.open(allowed() + "/");
        tab.evaluate("""
                (async () => {
                  const { connect } = await import('%s');
                  globalThis.seen = { ready: 0, events: [], states: [] };
                  connect({
                    topics: ['queue:pages'],
                    share: false,
                    ticket: async () => '%s',
                    onReady: () => { seen.ready += 1; },
                    onEvent: (event) => seen.events.push(event.name),
                    onState: (state) => seen.states.push(state),
                  });
                })()""".formatted(at("/client/trayb-events.js"), ticket));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> tab.evaluate("seen.ready").asInt() == 1);
        assertThat(tab.evaluate(submission()).asText()).matches("201 " + at("/api/v1/jobs/") + "[0-9a-f-]{36} page-1");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> tab.evaluate("seen.events.join()").asText().equals("job.waiting"));
        assertThat(tab.evaluate("seen.states.join()").asText()).contains("streaming");
        tab.close();
    }

    @Test
    void a_page_of_another_origin_reads_nothing_and_changes_nothing() throws Exception {
        Tab tab = chromium.open(other() + "/");
        int before = client().get("/jobs?queue=pages").json(200).path("jobs").size();
        assertThat(tab.evaluate("import('%s').then(() => 'imported', (failure) => failure.name)"
                                .formatted(at("/client/trayb-events.js")))
                        .asText())
                .isEqualTo("TypeError");
        assertThat(tab.evaluate("fetch('%s').then(() => 'read', (failure) => failure.name)".formatted(at("/readyz")))
                        .asText())
                .isEqualTo("TypeError");
        assertThat(tab.evaluate(submission()).asText()).isEqualTo("TypeError");
        assertThat(client().get("/jobs?queue=pages").json(200).path("jobs")).hasSize(before);
        tab.close();
    }

    /** The page's own style is let in by its policy, or it would look as if it had none. */
    @Test
    void the_services_own_page_is_dressed_under_its_policy() throws Exception {
        Tab tab = chromium.open(at("/"));
        assertThat(tab.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse")
                        .asText())
                .isEqualTo("collapse");
        tab.close();
    }
}
