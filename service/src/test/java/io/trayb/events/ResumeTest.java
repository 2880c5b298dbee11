package io.trayb.events;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.trayb.testing.TestRedis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one log. */
final class ResumeTest {
    private static final String STREAM = "/api/v1/events?topic=jobs";

    private TestRedis redis;
    private TestNode one;
    private TestNode other;

    @BeforeEach
    void start() {
        redis = TestRedis.own();
        EventsConfiguration configuration = TestEvents.configured(100_000, 1000, 50, Duration.seconds(30));
        one = new TestNode(redis, configuration);
        other = new TestNode(redis, configuration);
        await().until(() -> one.observer().reachable && other.observer().reachable);
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        redis.close();
    }

    @Test
    void what_was_published_between_two_connections_is_there_on_the_next_on_another_node() throws Exception {
        String cursor;
        try (SseReader reader = SseReader.open(one.port(), STREAM)) {
            await().until(() -> !reader.blocks().isEmpty());
            cursor = reader.lastId();
        }
        one.events().publish(TestEvents.events(0, 200));
        await().until(() -> one.observer().published.get() == 200);

        try (SseReader reader = SseReader.open(other.port(), STREAM, "Last-Event-ID", cursor)) {
            await().until(() -> reader.data().size() >= 200);
            other.events().publish(TestEvents.events(200, 210));
            await().until(() -> reader.data().size() >= 210);
            assertThat(reader.data()).isEqualTo(TestEvents.data(0, 210));
        }
    }

    @Test
    void many_who_come_back_soon_are_served_without_the_log_being_read_for_each() throws Exception {
        EventsConfiguration remembering =
                TestEvents.configured(100_000, 1000, 50, DataSize.mebibytes(1), Duration.seconds(30));
        List<SseReader> readers = new ArrayList<>();
        try (TestNode node = new TestNode(redis, remembering)) {
            await().until(() -> node.observer().reachable);
            String cursor;
            try (SseReader reader = SseReader.open(node.port(), STREAM)) {
                await().until(() -> !reader.blocks().isEmpty());
                cursor = reader.lastId();
                node.events().publish(TestEvents.events(0, 600));
                await().until(() -> reader.data().size() == 600);
            }
            long before = rangesRead();
            for (int i = 0; i < 20; i++) {
                readers.add(SseReader.open(node.port(), STREAM, "Last-Event-ID", cursor));
            }
            for (SseReader reader : readers) {
                await().until(() -> reader.data().size() >= 600);
            }
            node.events().publish(TestEvents.events(600, 610));
            for (SseReader reader : readers) {
                await().until(() -> reader.data().size() >= 610);
                assertThat(reader.data()).isEqualTo(TestEvents.data(0, 610));
                assertThat(reader.gaps()).isEmpty();
            }
            assertThat(rangesRead()).isEqualTo(before);
            assertThat(node.observer().replays).hasValueGreaterThanOrEqualTo(20);
        } finally {
            for (SseReader reader : readers) {
                reader.close();
            }
        }
    }

    /** How often a part of the log was read. */
    private long rangesRead() {
        Matcher calls = Pattern.compile("cmdstat_xrange:calls=(\\d+)")
                .matcher(redis.client().info("commandstats"));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    @Test
    void the_header_wins_over_the_url_that_a_browser_repeats() throws Exception {
        String old;
        try (SseReader reader = SseReader.open(one.port(), STREAM)) {
            await().until(() -> !reader.blocks().isEmpty());
            old = reader.lastId();
            one.events().publish(TestEvents.events(0, 5));
            await().until(() -> reader.data().size() == 5);

            try (SseReader resumed = SseReader.open(
                    one.port(),
                    STREAM + "&after=" + old,
                    "Last-Event-ID",
                    reader.events().get(2).id())) {
                await().until(() -> resumed.data().size() >= 2);
                assertThat(resumed.data()).isEqualTo(TestEvents.data(3, 5));
            }
            try (SseReader resumed = SseReader.open(one.port(), STREAM + "&after=" + old, "Last-Event-ID", "")) {
                await().until(() -> resumed.data().size() >= 5);
                assertThat(resumed.data()).isEqualTo(TestEvents.data(0, 5));
            }
        }
    }

    @Test
    void clients_that_reconnect_at_random_moments_get_each_event_once_and_in_order() throws Exception {
        int events = 6000;
        int clients = 8;
        AtomicInteger published = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(clients + 1);
        try {
            List<String> beginnings = new ArrayList<>();
            try (SseReader reader = SseReader.open(one.port(), STREAM)) {
                await().until(() -> !reader.blocks().isEmpty());
                beginnings.add(reader.lastId());
            }
            List<Future<List<String>>> received = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                Random random = new Random(client);
                received.add(threads.submit(() -> receive(events, beginnings.get(0), random)));
            }
            Future<?> publishing = threads.submit(() -> publish(events, published));

            publishing.get(30, TimeUnit.SECONDS);
            for (Future<List<String>> client : received) {
                assertThat(client.get(30, TimeUnit.SECONDS)).isEqualTo(TestEvents.data(0, events));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void publish(int events, AtomicInteger published) {
        Random random = new Random(99);
        while (published.get() < events) {
            int from = published.get();
            int to = Math.min(events, from + 1 + random.nextInt(60));
            one.events().publish(TestEvents.events(from, to));
            published.set(to);
            // At the pace of the log, so that reconnects fall into the middle of it.
            await().pollInterval(ofMillis(1))
                    .until(() -> one.observer().published.get() >= to);
        }
    }

    private List<String> receive(int events, String beginning, Random random) throws Exception {
        List<String> received = new ArrayList<>();
        String cursor = beginning;
        Instant patience = Instant.now().plusSeconds(30);
        while (received.size() < events && Instant.now().isBefore(patience)) {
            TestNode node = random.nextBoolean() ? one : other;
            int enough = 1 + random.nextInt(800);
            try (SseReader reader = SseReader.open(node.port(), STREAM, "Last-Event-ID", cursor)) {
                int already = received.size();
                await().pollInterval(ofMillis(2))
                        .until(() -> reader.events().size() >= Math.min(enough, events - already));
                // Read once: what comes later isn't in this list, and the cursor is that of this list's last.
                List<SseReader.Block> seen = reader.events();
                assertThat(reader.gaps()).isEmpty();
                seen.forEach(block -> received.add(block.data()));
                cursor = seen.get(seen.size() - 1).id();
            }
        }
        return received;
    }
}
