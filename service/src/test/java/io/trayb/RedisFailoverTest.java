package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.trayb.events.SseReader;
import io.trayb.testing.Figures;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestSentinels;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A service on three Sentinels whose primary dies while clients submit and a stream follows. */
class RedisFailoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path folder;

    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void amid_load_no_submission_fails_no_job_is_lost_and_the_stream_tells_all_or_a_gap() throws Exception {
        try (TestRedis primary = TestRedis.own();
                TestRedis replica = TestRedis.own()) {
            replica.replicate(primary, "{trayb}:events");
            try (TestSentinels sentinels = new TestSentinels(primary, 1)) {
                Map<String, String> variables =
                        new TreeMap<>(TestService.outside(database.url(), primary.port(), folder));
                variables.put("REDIS_URL", sentinels.url());
                try (TestService service = TestService.start(
                                variables, ConfigOverride.config("thresholds.pressureDelaySeconds", "30"));
                        SseReader stream = SseReader.open(service.port(), "/api/v1/events?topic=jobs")) {
                    await().until(() -> !stream.blocks().isEmpty());
                    FailoverLoad load = new FailoverLoad("sentinels", service.client(), 2);
                    try (load) {
                        await().atMost(PATIENCE).until(() -> load.kept().size() > 100);
                        long killed = System.nanoTime();
                        primary.stop();
                        await().atMost(PATIENCE).until(() -> sentinels.primaryPort() == replica.port());
                        int during = load.kept().size();
                        await().atMost(PATIENCE)
                                .until(() -> get(service.port(), "/readyz").statusCode() == 200);
                        Figures.note("Redis failover by Sentinels: ready again after %d ms, %d jobs accepted by then"
                                .formatted(
                                        (System.nanoTime() - killed) / 1_000_000,
                                        load.kept().size()));
                        await().atMost(PATIENCE).until(() -> load.kept().size() > during + 100);
                    }
                    assertThat(load.unexpected()).isEmpty();
                    assertThat(load.refused()).isZero();
                    List<String> kept = new ArrayList<>(load.kept());
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(completedTags()).containsAll(kept));
                    assertThat(completedTags()).doesNotHaveDuplicates();

                    String last = service.client().submit("{'type':'noop'}");
                    await().atMost(PATIENCE).until(() -> stream.data().stream().anyMatch(data -> data.contains(last)));
                    long completions = stream.events().stream()
                            .filter(block -> block.event().equals("job.completed"))
                            .count();
                    assertThat(completions >= kept.size() || !stream.gaps().isEmpty())
                            .as("%d of %d completions, gaps %s", completions, kept.size(), stream.gaps())
                            .isTrue();
                }
            }
        }
    }

    private static List<String> completedTags() {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT payload ->> 'tag' FROM trayb_finished_jobs WHERE queue = 'load' AND state = 'completed'
                        """).mapTo(String.class).list());
    }
}
