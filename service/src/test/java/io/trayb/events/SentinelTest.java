package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.redis.RedisConfiguration;
import io.trayb.redis.RedisConnections;
import io.trayb.redis.RedisUrl;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestSentinels;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** What becomes of streams when the primary dies and real Sentinels put a replica in its place that lacks the end of the log. */
final class SentinelTest {
    private static final String STREAM = "/api/v1/events?topic=jobs";
    private static final Duration FAILOVER = Duration.ofSeconds(60);

    @Test
    void a_failover_to_a_replica_that_lacks_the_tail_is_told_as_a_gap_on_open_streams_and_to_cursors_that_are_lost()
            throws Exception {
        try (TestRedis primary = TestRedis.own();
                TestRedis replica = TestRedis.own()) {
            replica.replicate(primary, RedisLog.KEY);
            try (TestSentinels sentinels = new TestSentinels(primary, 1)) {
                RedisConnections redis =
                        new RedisConnections(RedisUrl.parse(sentinels.url()), RedisConfiguration.DEFAULT);
                try (UnifiedJedis client = redis.shared();
                        TestNode node =
                                new TestNode(client, () -> redis.dedicated(Duration.ofSeconds(1)), TestEvents.quick());
                        SseReader open = SseReader.open(node.port(), STREAM)) {
                    await().until(() ->
                            node.observer().reachable && !open.blocks().isEmpty());
                    node.events().publish(TestEvents.events(0, 100));
                    await().until(() -> open.data().size() == 100);
                    await().until(() -> replica.client().xlen(RedisLog.KEY)
                            == primary.client().xlen(RedisLog.KEY));
                    String kept = open.lastId();

                    replica.followNobody();
                    node.events().publish(TestEvents.events(100, 200));
                    await().until(() -> open.data().size() == 200);
                    String lost = open.lastId();
                    primary.stop();

                    await().atMost(FAILOVER).until(() -> sentinels.primaryPort() == replica.port());
                    await().atMost(FAILOVER).until(() -> !open.gaps().isEmpty());
                    await().atMost(FAILOVER).until(() -> node.observer().reachable);
                    node.events().publish(TestEvents.events(200, 210));
                    await().atMost(FAILOVER).until(() -> open.data().contains(TestEvents.data(209)));
                    List<String> events = open.data().stream()
                            .filter(data -> !data.contains("\"reason\""))
                            .toList();
                    assertThat(events).isEqualTo(TestEvents.data(0, 210));
                    assertResumedWithGap(node, kept);
                    assertResumedWithGap(node, lost);
                }
            }
        }
    }

    /** Whoever comes back with a cursor of the old primary hears of the gap before anything else. */
    private static void assertResumedWithGap(TestNode node, String cursor) throws Exception {
        try (SseReader resumed = SseReader.open(node.port(), STREAM, "Last-Event-ID", cursor)) {
            await().until(() -> !resumed.events().isEmpty());
            assertThat(resumed.events().get(0).event()).isEqualTo("gap");
        }
    }
}
