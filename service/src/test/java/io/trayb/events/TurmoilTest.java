package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.testing.TestRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Clients that come back at random moments to random nodes, by streams and by polls, while Redis is emptied, hangs, is killed and a node
 * is replaced: each event once and in order, or inside a gap that was told.
 */
final class TurmoilTest {
    private static final long SEED = 4711;
    private static final int CLIENTS = 6;
    private static final boolean LONG = Boolean.getBoolean("trayb.long");
    private static final int ROUNDS = LONG ? 12 : 1;
    private static final String TOPIC = "topic=jobs";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestRedis redis = TestRedis.own();
    private final TestNode one = new TestNode(redis, TestEvents.quick());
    private final AtomicReference<TestNode> other = new AtomicReference<>(new TestNode(redis, TestEvents.quick()));
    private final AtomicInteger published = new AtomicInteger();
    private volatile boolean over;

    /** What a client has seen: numbers that rise by one, unless a gap was told since the last. */
    private static final class Checker {
        private int next;
        private boolean gapTold;
        private int gaps;

        void gap() {
            gapTold = true;
            gaps++;
        }

        void event(String data) throws IOException {
            int number = JSON.readTree(data).path("n").asInt();
            if (gapTold) {
                assertThat(number).as("after a gap").isGreaterThanOrEqualTo(next);
            } else {
                assertThat(number).as("without a gap").isEqualTo(next);
            }
            gapTold = false;
            next = number + 1;
        }
    }

    @Test
    void each_event_comes_once_and_in_order_or_inside_a_gap_that_was_told() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            await().until(() -> one.observer().reachable && other.get().observer().reachable);
            String beginning = JSON.readTree(
                            one.send("GET", "/api/v1/events/poll?" + TOPIC).body())
                    .path("cursor")
                    .asText();
            List<Future<Checker>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(SEED + i);
                clients.add(threads.submit(() -> follow(beginning, random)));
            }
            Future<?> publisher = threads.submit(this::publish);
            for (int round = 0; round < ROUNDS; round++) {
                turmoil();
            }
            over = true;
            publisher.get(30, TimeUnit.SECONDS);
            int gaps = 0;
            for (Future<Checker> client : clients) {
                gaps += client.get(60, TimeUnit.SECONDS).gaps;
            }
            assertThat(gaps).as("gaps told").isPositive();
        } finally {
            over = true;
            threads.shutdownNow();
            one.close();
            other.get().close();
            redis.close();
        }
    }

    private void turmoil() {
        awaitEvents(300);
        redis.empty();
        awaitEvents(300);
        redis.stop();
        awaitEvents(100);
        redis.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> one.observer().reachable);
        awaitEvents(300);
        redis.answerNobodyFor(700);
        awaitEvents(300);
        TestNode replaced = other.getAndSet(new TestNode(redis, TestEvents.quick()));
        replaced.close();
        awaitEvents(300);
    }

    private void awaitEvents(int more) {
        int goal = published.get() + more;
        await().atMost(Duration.ofSeconds(30)).until(() -> published.get() >= goal);
    }

    private void publish() {
        Random random = new Random(SEED);
        // After it is over go on until all clients had the chance to see that they missed nothing.
        int last = Integer.MAX_VALUE;
        while (published.get() < last) {
            int from = published.get();
            int to = from + 1 + random.nextInt(20);
            one.events().publish(TestEvents.events(from, to));
            published.set(to);
            if (over && last == Integer.MAX_VALUE) {
                last = to + 200;
            }
            await().pollDelay(Duration.ofMillis(1 + random.nextInt(15)))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> true);
        }
    }

    private Checker follow(String beginning, Random random) throws Exception {
        Checker checker = new Checker();
        String cursor = beginning;
        while (!over || checker.next < published.get()) {
            TestNode node = random.nextBoolean() ? one : other.get();
            try {
                cursor = random.nextInt(4) == 0 ? poll(node, cursor, checker) : stream(node, cursor, checker, random);
            } catch (IOException e) {
                // That node is being replaced; another attempt, from the same cursor.
                await().pollDelay(Duration.ofMillis(20)).until(() -> true);
            }
        }
        return checker;
    }

    private static String poll(TestNode node, String cursor, Checker checker) throws Exception {
        String body = node.send("GET", "/api/v1/events/poll?" + TOPIC + "&timeoutMs=500&after=" + cursor)
                .body();
        JsonNode answer = JSON.readTree(body);
        if (!answer.has("cursor")) {
            // A node that stops refuses polls.
            return cursor;
        }
        if (answer.path("gap").asBoolean()) {
            checker.gap();
        }
        for (JsonNode event : answer.path("events")) {
            checker.event(event.path("data").toString());
        }
        return answer.path("cursor").asText();
    }

    private static String stream(TestNode node, String cursor, Checker checker, Random random) throws Exception {
        int enough = random.nextInt(60);
        String last = cursor;
        try (SseReader reader = SseReader.open(node.port(), "/api/v1/events?" + TOPIC, "Last-Event-ID", cursor)) {
            long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(400);
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> reader.blocks().size() > enough || reader.hasEnded() || System.nanoTime() > patience);
            // Read once: what comes later counts for the next connection.
            for (SseReader.Block block : reader.blocks()) {
                if (block.id() != null) {
                    last = block.id();
                }
                if (block.isEvent() && block.event().equals("gap")) {
                    checker.gap();
                } else if (block.isEvent() && !block.event().equals("close")) {
                    checker.event(block.data());
                }
            }
        }
        return last;
    }
}
