package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class LostPeersTest {
    private static final String STREAM = "/api/v1/events?topic=jobs";

    /** Of the service as it is shipped. */
    private static final Duration TWO_HEARTBEATS =
            EventsConfiguration.DEFAULT_HEARTBEAT.toJavaDuration().multipliedBy(2);

    @TempDir
    Path directory;

    private final EventTimer timer = new EventTimer("test-timer");

    @AfterEach
    void stop() throws InterruptedException {
        timer.stop();
    }

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
    void the_list_of_connections_is_read_only_after_a_time_out_was_counted() throws Exception {
        Path list = directory.resolve("tcp");
        Path counts = directory.resolve("netstat");
        OpenStreams none = new OpenStreams(1, new PlacesPerKey(1), timer, new SecureRandom());
        Files.writeString(list, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n");
        Files.writeString(counts, "TcpExt: TCPTimeouts\nTcpExt: 7\n");
        LostPeers lost = new LostPeers(none, new TcpTable(List.of(list)), new TcpTimeouts(counts));
        assertThat(lost.newlyUnanswered()).isEmpty();

        String silent =
                "   0: 0100007F:1F90 0200630A:C350 01 0000000F:00000000 01:00000300 00000005     0        0 2\n";
        Files.writeString(list, silent, StandardOpenOption.APPEND);
        assertThat(lost.newlyUnanswered()).as("as long as the count stays").isEmpty();

        Files.writeString(counts, "TcpExt: TCPTimeouts\nTcpExt: 8\n");
        assertThat(lost.newlyUnanswered()).hasSize(1);
        assertThat(lost.newlyUnanswered()).isEmpty();

        Files.delete(counts);
        assertThat(lost.newlyUnanswered()).as("where nothing is counted").hasSize(1);
        assertThat(lost.newlyUnanswered()).hasSize(1);
    }

    @Test
    void the_longer_a_look_takes_the_later_the_next_one_comes_but_no_later_than_in_five_seconds() {
        assertThat(LostPeers.pauseAfter(Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(2));
        assertThat(LostPeers.pauseAfter(Duration.ofMillis(60))).isEqualTo(Duration.ofSeconds(3));
        assertThat(LostPeers.pauseAfter(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(5));
    }
}
