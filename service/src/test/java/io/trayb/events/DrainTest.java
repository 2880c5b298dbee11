package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DrainTest {
    @Test
    void a_stopping_node_tells_its_streams_to_come_back_at_different_times_and_answers_its_polls() throws Exception {
        try (TestRedis redis = TestRedis.own()) {
            TestNode node = new TestNode(redis, TestEvents.quick());
            await().until(() -> node.observer().reachable);
            List<SseReader> readers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                readers.add(SseReader.open(node.port(), "/api/v1/events?topic=jobs"));
            }
            await().until(() ->
                    readers.stream().noneMatch(reader -> reader.blocks().isEmpty()));
            String cursor = readers.get(0).lastId();
            CompletableFuture<HttpResponse<String>> poll = CompletableFuture.supplyAsync(() -> {
                try {
                    return node.send("GET", "/api/v1/events/poll?topic=jobs&after=" + cursor);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> node.observer().openPolls.get() == 1);

            long begun = System.nanoTime();
            node.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            await().until(() -> readers.stream().allMatch(SseReader::hasEnded));
            Set<String> retries = new HashSet<>();
            for (SseReader reader : readers) {
                SseReader.Block last = reader.blocks().get(reader.blocks().size() - 1);
                assertThat(last.event()).isEqualTo("close");
                assertThat(last.data()).isEqualTo("{\"reason\":\"shutdown\"}");
                retries.add(last.retry());
                reader.close();
            }
            assertThat(retries).hasSizeGreaterThan(10);
            assertThat(node.observer().closed).containsOnly(entry(CloseReason.DRAINED, 20L));
            assertThat(poll.get(5, TimeUnit.SECONDS).body()).contains("\"cursor\":\"" + cursor + "\"");
        }
    }

    @Test
    void a_poll_that_comes_to_a_stopping_node_is_sent_elsewhere_and_holds_nothing_up() throws Exception {
        try (TestRedis redis = TestRedis.own();
                TestNode node = new TestNode(redis, TestEvents.quick())) {
            await().until(() -> node.observer().reachable);
            node.events().endStreams();

            HttpResponse<String> poll = node.send("GET", "/api/v1/events/poll?topic=jobs");

            assertThat(poll.statusCode()).isEqualTo(503);
            assertThat(poll.headers().firstValue("Retry-After")).isPresent();
        }
    }
}
