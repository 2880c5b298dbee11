package io.trayb.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.testing.ConfigOverride;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The module for web pages in a real Chromium, against the whole service. What a page got is compared with what the log has: each
 * event once, in order.
 */
final class BrowserClientTest {
    /** Beside the module, so that a page may import it: a page of the service's own that has no script. */
    private static final String MODULE = "/client/trayb-events.js";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    static Path dataDir;

    private static TestService service;
    private static TestProxy proxy;
    private static Chromium chromium;

    private final String queue = ServiceClient.freshQueue();
    private final List<Tab> tabs = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        service = startService();
        proxy = new TestProxy(service.port());
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() throws Exception {
        chromium.close();
        proxy.close();
        service.close();
    }

    @AfterEach
    void leave() throws Exception {
        for (Tab tab : tabs) {
            tab.close();
        }
        proxy.buffer(false);
    }

    private static TestService startService() throws Exception {
        return TestService.start(
                TestService.outside(database.url(), redis.port(), dataDir),
                ConfigOverride.config("events.heartbeat", "300ms"),
                ConfigOverride.config("events.drainWindow", "200ms"),
                ConfigOverride.config("readiness.drainDelay", "0s"));
    }

    /** Opens a page that follows this test's queue. */
    private Tab follow(String options) throws Exception {
        return follow("queue:" + queue, options);
    }

    private Tab follow(String topic, String options) throws Exception {
        Tab tab = chromium.open("http://127.0.0.1:" + proxy.port() + MODULE);
        tabs.add(tab);
        tab.evaluate("""
                (async () => {
                  const { connect } = await import('%s');
                  globalThis.seen = { ready: 0, events: [], gaps: [], states: [], errors: [] };
                  globalThis.connection = connect({
                    topics: ['%s'],
                    // Many of the server's, since a busy machine may be late with some.
                    heartbeatMs: 10000,
                    group: '%s',
                    onReady: () => { seen.ready += 1; },
                    onEvent: (event) => seen.events.push(event.id + ' ' + event.name),
                    onGap: (gap) => seen.gaps.push(gap),
                    onState: (state) => seen.states.push(state),
                    onError: (error) => seen.errors.push(error.message),
                    %s
                  });
                })()""".formatted(MODULE, topic, queue, options));
        return tab;
    }

    private static void awaitState(Tab tab, String state) {
        awaitThat(state, () -> seen(tab, "connection.state").asText(), state);
    }

    private static void awaitReady(Tab tab) {
        awaitThat("ready", () -> seen(tab, "seen.ready").asInt(), 1);
    }

    private static <T> void awaitThat(String what, Callable<T> actual, T expected) {
        await().alias(what)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(actual.call()).isEqualTo(expected));
    }

    private static JsonNode seen(Tab tab, String expression) throws Exception {
        return tab.evaluate(expression);
    }

    private static List<String> events(Tab tab) throws Exception {
        List<String> events = new ArrayList<>();
        tab.evaluate("seen.events").forEach(event -> events.add(event.asText()));
        return events;
    }

    private String cursor() {
        return service.client()
                .get("/events/poll?topic=queue:" + queue)
                .json(200)
                .path("cursor")
                .asText();
    }

    /** What the log has for this test's queue after a cursor, which is as many events as these jobs have. */
    private List<String> inTheLog(String cursor, int jobs) {
        List<String> events = new ArrayList<>();
        String after = cursor;
        // Waiting, active and completed of each.
        while (events.size() < 3 * jobs) {
            JsonNode answer = service.client()
                    .get("/events/poll?topic=queue:" + queue + "&timeoutMs=10000&after=" + after)
                    .json(200);
            assertThat(answer.path("gap").asBoolean()).isFalse();
            assertThat(answer.path("events")).as("%s of %s", events, jobs).isNotEmpty();
            answer.path("events")
                    .forEach(event -> events.add(event.path("id").asText() + " "
                            + event.path("event").asText()));
            after = answer.path("cursor").asText();
        }
        return events;
    }

    private void submit(int jobs) {
        for (int i = 0; i < jobs; i++) {
            service.client().submit("{'queue':'" + queue + "','type':'noop'}");
        }
    }

    private void assertHasAll(Tab tab, String since, int jobs) throws Exception {
        List<String> expected = inTheLog(since, jobs);
        awaitThat("events", () -> events(tab).size(), expected.size());
        assertThat(events(tab)).isEqualTo(expected);
        assertThat(seen(tab, "seen.gaps")).isEmpty();
        assertThat(seen(tab, "seen.ready").asInt()).isEqualTo(1);
    }

    private static int openStreams() throws Exception {
        return HttpAnswers.get(service.adminPort(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("trayb_sse_active_connections{kind=\"sse\""))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void switchStreams(boolean on) throws Exception {
        assertThat(HttpAnswers.post(service.adminPort(), "/tasks/sse?enabled=" + on, "")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_page_gets_each_event_once_and_in_order_and_goes_on_after_its_connection_was_cut() throws Exception {
        String since = cursor();
        Tab tab = follow("""
                share: false,
                ticket: async (topics) => {
                  const answer = await fetch('/api/v1/events/tickets', {
                    method: 'POST',
                    headers: { 'Content-Type': 'application/json' },
                    body: JSON.stringify({ topics }),
                  });
                  return (await answer.json()).ticket;
                },""");
        awaitReady(tab);
        awaitState(tab, "streaming");

        submit(10);
        proxy.cut();
        submit(10);
        awaitState(tab, "streaming");
        submit(5);

        assertHasAll(tab, since, 25);
        assertThat(seen(tab, "seen.states").toString()).doesNotContain("polling");
    }

    @Test
    void streams_that_are_switched_off_midway_become_polls_without_a_loss_or_a_repetition() throws Exception {
        String since = cursor();
        Tab tab = follow("share: false,");
        awaitReady(tab);
        awaitState(tab, "streaming");
        submit(5);
        try {
            switchStreams(false);
            submit(10);
            awaitState(tab, "polling");
            submit(5);

            assertHasAll(tab, since, 20);
        } finally {
            switchStreams(true);
        }
    }

    @Test
    void behind_a_proxy_that_buffers_it_polls_and_streams_again_once_that_works() throws Exception {
        proxy.buffer(true);
        String since = cursor();
        Tab tab = follow("share: false, heartbeatMs: 1000, returnMs: 1000,");
        awaitState(tab, "polling");
        awaitReady(tab);

        submit(10);
        awaitThat("events by polls", () -> events(tab).size(), 30);
        proxy.buffer(false);
        awaitState(tab, "streaming");
        submit(5);

        assertHasAll(tab, since, 15);
    }

    @Test
    void a_restart_of_the_service_costs_no_event() throws Exception {
        String since = cursor();
        Tab tab = follow("share: false,");
        awaitReady(tab);
        submit(5);
        // A job that is given back at the end has one event more than the others.
        assertHasAll(tab, since, 5);

        service.close();
        service = startService();
        submit(5);
        proxy.sendTo(service.port());

        awaitState(tab, "streaming");
        submit(5);
        assertHasAll(tab, since, 15);
    }

    @Test
    void ten_tabs_share_one_stream_and_go_on_when_the_one_that_leads_is_closed() throws Exception {
        await().until(() -> openStreams() == 0);
        String since = cursor();
        List<Tab> pages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            // The last ones want something else as well, which the one connection has to bring from then on.
            pages.add(follow(i < 8 ? "queue:" + queue : "jobs", ""));
            awaitReady(pages.get(i));
        }
        submit(10);
        for (Tab page : pages) {
            assertHasAll(page, since, 10);
        }
        await().until(() -> openStreams() == 1);

        Tab leader = pages.remove(0);
        tabs.remove(leader);
        leader.close();
        submit(10);

        for (Tab page : pages) {
            assertHasAll(page, since, 20);
        }
        await().until(() -> openStreams() == 1);
    }

    @Test
    void its_parser_follows_the_standard() throws Exception {
        Tab tab = chromium.open("http://127.0.0.1:" + proxy.port() + MODULE);
        tabs.add(tab);

        String stream = String.join(
                "",
                "\uFEFF: a comment\r\ndata: one\rdata:two\ndata:  three\n\n",
                "id: 1\n\nid: 2\u0000\ndata\n\nevent: lost\n\nretry: 1x\nretry: 17\n",
                "event: named\ndata: a:b\nnothing\r\n\r\nid\ndata: ü\n\ndata: unfinished");
        // Cut into pieces of every size, it must always come to the same.
        String blocks = tab.evaluate("""
                        (async () => {
                          const { StreamParser } = await import('%s');
                          const text = %s;
                          const all = new Set();
                          for (let size = 1; size <= text.length; size += 1) {
                            const parser = new StreamParser();
                            const blocks = [];
                            for (let i = 0; i < text.length; i += size) {
                              blocks.push(...parser.push(text.slice(i, i + size)));
                            }
                            all.add(JSON.stringify({ blocks, retry: parser.retry }));
                          }
                          return [...all].join(' OR ');
                        })()""".formatted(MODULE, new ObjectMapper().writeValueAsString(stream)))
                .asText();

        assertThat(blocks)
                .isEqualTo("{\"blocks\":["
                        + "{\"id\":null,\"event\":\"message\",\"data\":\"one\\ntwo\\n three\"},"
                        + "{\"id\":\"1\",\"event\":\"message\",\"data\":null},"
                        + "{\"id\":\"1\",\"event\":\"message\",\"data\":\"\"},"
                        + "{\"id\":\"1\",\"event\":\"named\",\"data\":\"a:b\"},"
                        + "{\"id\":\"\",\"event\":\"message\",\"data\":\"ü\"}"
                        + "],\"retry\":17}");
    }
}
