package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class LostPeersTest {
    private static final String STREAM = "/api/v1/events?topic=jobs";

    /** Of the service as it is shipped. */
    private static final Duration TWO_HEARTBEATS =
            EventsConfiguration.DEFAULT_HEARTBEAT.toJavaDuration().multipliedBy(2);

    @Test
    @EnabledIf(
            value = "io.trayb.events.OtherHost#isPossible",
            disabledReason = "only root may make a network namespace")
    void a_client_whose_host_vanished_is_gone_within_two_heartbeats_and_one_that_only_stopped_reading_is_not()
            throws Exception {
        try (TestRedis redis = TestRedis.own();
                OtherHost other = new OtherHost();
                TestNode node = new TestNode(redis, TestEvents.quick(), OtherHost.HERE, 0);
                SseReader unread = SseReader.openWithoutReading(OtherHost.HERE, node.port(), STREAM)) {
            other.run("curl", "-sN", "http://" + OtherHost.HERE + ":" + node.port() + STREAM);
            await().until(() -> node.observer().openStreams.get() == 2);

            other.vanish();

            await().atMost(TWO_HEARTBEATS)
                    .until(() -> node.observer().closed.getOrDefault(CloseReason.PEER_LOST, 0L) == 1);
            assertThat(node.observer().openStreams.get()).isEqualTo(1);
            assertThat(unread.status()).isZero();
        }
    }

    @Test
    void the_longer_a_look_takes_the_later_the_next_one_comes_but_no_later_than_in_five_seconds() {
        assertThat(LostPeers.pauseAfter(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(2));
        assertThat(LostPeers.pauseAfter(Duration.ofMillis(60))).isEqualTo(Duration.ofSeconds(3));
        assertThat(LostPeers.pauseAfter(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(5));
    }
}
