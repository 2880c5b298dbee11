package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.XAddParams;

/** What streams and polls do while Redis has lost something or is away. */
final class OutageTest {
    private static final String STREAM = "/api/v1/events?topic=jobs";
    private static final String LOG_LOST = "{\"reason\":\"log-lost\",\"dropped\":null}";

    private TestRedis redis;
    private TestNode node;

    @BeforeEach
    void start() {
        redis = TestRedis.own();
        node = new TestNode(redis, TestEvents.quick());
        await().until(() -> node.observer().reachable);
    }

    @AfterEach
    void stop() {
        node.close();
        redis.close();
    }

    private SseReader opened(String... headers) throws Exception {
        SseReader reader = SseReader.open(node.port(), STREAM, headers);
        await().until(() -> !reader.blocks().isEmpty());
        return reader;
    }

    @Test
    void an_emptied_redis_is_a_gap_on_open_streams_and_for_old_cursors() throws Exception {
        try (SseReader reader = opened()) {
            String old = reader.lastId();

            redis.client().flushAll();

            await().until(() -> reader.gaps().size() == 1);
            assertThat(reader.gaps().get(0).data()).isEqualTo(LOG_LOST);
            node.events().publish(TestEvents.events(0, 3));
            await().until(() -> reader.data().size() == 4);
            assertThat(reader.data().subList(1, 4)).isEqualTo(TestEvents.data(0, 3));
            assertThat(reader.lastId().substring(0, 16)).isNotEqualTo(old.substring(0, 16));

            try (SseReader late = opened("Last-Event-ID", old)) {
                await().until(() -> late.gaps().size() == 1);
                node.events().publish(TestEvents.events(3, 5));
                await().until(() -> late.data().size() == 3);
                assertThat(late.data()).containsExactly(LOG_LOST, TestEvents.data(3), TestEvents.data(4));
            }
        }
    }

    @Test
    void a_publisher_that_finds_the_log_gone_begins_a_new_one_and_loses_nothing_itself() throws Exception {
        try (SseReader reader = opened()) {
            redis.client().del(RedisLog.KEY);
            node.events().publish(TestEvents.events(0, 3));

            await().until(() -> reader.data().size() == 4);
            assertThat(reader.data().get(0)).isEqualTo(LOG_LOST);
            assertThat(reader.data().subList(1, 4)).isEqualTo(TestEvents.data(0, 3));
            assertThat(node.observer().publishFailed.get()).isZero();
        }
    }

    @Test
    void streams_stay_open_on_heartbeats_while_redis_is_away_and_say_gap_when_it_is_back() throws Exception {
        try (SseReader reader = opened()) {
            redis.stop();
            await().until(() -> !node.observer().reachable);
            node.events().publish(TestEvents.events(0, 3));
            await().until(() -> node.observer().publishFailed.get() == 3);
            int before = reader.blocks().size();
            await().until(() -> reader.blocks().size() >= before + 3);
            assertThat(reader.events()).isEmpty();
            assertThat(reader.hasEnded()).isFalse();

            redis.start();

            await().until(() -> !reader.gaps().isEmpty());
            node.events().publish(TestEvents.events(3, 6));
            await().until(() -> reader.data().contains(TestEvents.data(5)));
            List<String> told = reader.data();
            assertThat(told.get(0)).isEqualTo(LOG_LOST);
            assertThat(told.stream().filter(data -> !data.equals(LOG_LOST))).isEqualTo(TestEvents.data(3, 6));
        }
    }

    @Test
    void events_lost_by_a_publisher_are_told_as_a_gap_on_every_node_although_the_log_is_whole() throws Exception {
        try (TestNode other = new TestNode(redis, TestEvents.quick());
                SseReader reader = SseReader.open(other.port(), STREAM)) {
            await().until(() -> other.observer().reachable && !reader.blocks().isEmpty());
            String before = reader.lastId();

            // Redis answers nobody for longer than the publisher waits, first on the connection that it has and then on
            // another one, and forgets nothing.
            redis.answerNobodyFor(6000);
            node.events().publish(TestEvents.events(0, 3));

            await().atMost(Duration.ofSeconds(15)).until(() -> !reader.gaps().isEmpty());
            assertThat(reader.gaps().get(0).data()).isEqualTo(LOG_LOST);
            assertThat(node.observer().publishFailed.get()).isEqualTo(3);

            try (SseReader resumed = opened("Last-Event-ID", before)) {
                await().until(() -> !resumed.gaps().isEmpty());
                assertThat(resumed.lastId().substring(0, 16)).isEqualTo(before.substring(0, 16));
            }
        }
    }

    @Test
    void a_lost_node_is_told_to_everybody_in_the_order_of_the_log() throws Exception {
        try (SseReader reader = opened()) {
            String before = reader.lastId();
            node.events().publish(TestEvents.events(0, 2));
            await().until(() -> node.observer().published.get() == 2);
            node.events().publishGap(GapReason.NODE_LOST);
            await().until(() -> reader.gaps().size() == 1);
            node.events().publish(TestEvents.events(2, 3));

            String gap = "{\"reason\":\"node-lost\",\"dropped\":null}";
            List<String> expected = List.of(TestEvents.data(0), TestEvents.data(1), gap, TestEvents.data(2));
            await().until(() -> reader.data().size() == 4);
            assertThat(reader.data()).isEqualTo(expected);

            try (SseReader resumed = opened("Last-Event-ID", before)) {
                await().until(() -> resumed.data().size() >= 4);
                assertThat(resumed.data()).isEqualTo(expected);
            }
        }
    }

    @Test
    void a_cursor_older_than_the_log_is_told_so_before_what_is_left() throws Exception {
        String old;
        try (SseReader reader = opened()) {
            old = reader.lastId();
        }
        node.events().publish(TestEvents.events(0, 100));
        await().until(() -> node.observer().published.get() == 100);
        redis.client().xtrim(RedisLog.KEY, 40, false);

        try (SseReader late = opened("Last-Event-ID", old)) {
            await().until(() -> late.data().size() >= 41);
            assertThat(late.blocks().get(0).id()).isEqualTo(old);
            assertThat(late.data().get(0)).isEqualTo("{\"reason\":\"trimmed\",\"dropped\":null}");
            assertThat(late.data().subList(1, 41)).isEqualTo(TestEvents.data(60, 100));
            assertThat(late.gaps()).hasSize(1);
        }
    }

    @Test
    void a_cursor_that_no_log_ever_gave_is_a_gap_and_not_silence() throws Exception {
        try (SseReader reader = opened()) {
            String future = reader.lastId().substring(0, 16) + "-9999999999999-0";
            try (SseReader forged = opened("Last-Event-ID", future)) {
                await().until(() -> forged.gaps().size() == 1);
                node.events().publish(TestEvents.events(0, 1));
                await().until(() -> forged.data().contains(TestEvents.data(0)));
            }
        }
    }

    @Test
    void a_service_that_starts_before_redis_opens_streams_and_tells_them_a_gap_later() throws Exception {
        redis.stop();
        try (TestNode early = new TestNode(redis, TestEvents.quick());
                SseReader reader = SseReader.open(early.port(), STREAM)) {
            await().until(() -> !reader.blocks().isEmpty());
            assertThat(reader.status()).isEqualTo(200);

            redis.start();

            await().until(() -> !reader.gaps().isEmpty());
            early.events().publish(TestEvents.events(0, 1));
            await().until(() -> reader.data().contains(TestEvents.data(0)));
        }
    }

    @Test
    void a_stranger_in_the_stream_can_not_forge_blocks() throws Exception {
        try (SseReader reader = opened()) {
            redis.client()
                    .xadd(
                            RedisLog.KEY,
                            XAddParams.xAddParams(),
                            Map.of("name", "x\ndata: y", "job", "a", "queue", "b", "data", "1\n\nid: 7"));
            node.events().publish(TestEvents.events(0, 1));

            await().until(() -> !reader.data().isEmpty());
            assertThat(reader.data()).containsExactly(TestEvents.data(0));
        }
    }
}
