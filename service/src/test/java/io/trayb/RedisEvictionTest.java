package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.events.SseReader;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;

/** A Redis that others fill, so that it throws out whatever was used least recently ({@code allkeys-lru}), anything of ours included. */
class RedisEvictionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROOM_BYTES = 2 * 1024 * 1024;
    private static final int JOBS = 200;
    private static final String LOG = "{trayb}:events";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path folder;

    @Test
    void while_it_throws_out_what_it_holds_no_job_is_lost_and_what_streams_miss_is_told() throws Exception {
        try (TestRedis redis = TestRedis.own();
                TestService service = TestService.start(TestService.outside(database.url(), redis.port(), folder));
                SseReader stream = SseReader.open(service.port(), "/api/v1/events?topic=jobs")) {
            ServiceClient client = service.client();
            await().until(() -> !stream.blocks().isEmpty());
            client.awaitState(client.submit("{'type':'noop'}"), "completed");
            limit(redis.client());
            List<String> jobs = new ArrayList<>();
            try (Filler filler = new Filler(redis.client())) {
                await().atMost(PATIENCE).until(() -> evicted(redis.client()) > 200);

                for (int i = 0; i < JOBS; i++) {
                    jobs.add(client.submit("{'type':'noop'}"));
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(completed()).containsAll(jobs));
                // Nobody publishes any more, so what was used least recently is, before long, the log.
                await().atMost(PATIENCE).until(() -> !redis.client().exists(LOG));
                filler.end();
            }

            String after = client.submit("{'type':'noop'}");

            await().atMost(PATIENCE).until(() -> isTold(stream, after));
            List<SseReader.Block> events = stream.events();
            assertThat(events.get(firstOf(events, after) - 1).event()).isEqualTo("gap");
            long gapsBefore = events.subList(0, firstOf(events, after) - 1).stream()
                    .filter(block -> block.event().equals("gap"))
                    .count();
            assertThat(jobs.stream().allMatch(job -> isTold(stream, job)) || gapsBefore > 0)
                    .as("every job is told, or a gap in the midst of them")
                    .isTrue();
            client.awaitState(after, "completed");
        }
    }

    private static List<String> completed() {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT CAST(id AS text) FROM trayb_finished_jobs WHERE state = 'completed'
                        """).mapTo(String.class).list());
    }

    private static boolean isTold(SseReader stream, String job) {
        return stream.events().stream()
                .anyMatch(block ->
                        block.event().equals("job.completed") && block.data().contains(job));
    }

    private static int firstOf(List<SseReader.Block> events, String job) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).data().contains(job)) {
                return i;
            }
        }
        throw new AssertionError("nothing was told of job " + job);
    }

    private static void limit(UnifiedJedis redis) {
        redis.configSet("maxmemory-policy", "allkeys-lru");
        redis.configSet("maxmemory", Long.toString(number(redis, "memory", "used_memory") + ROOM_BYTES));
    }

    private static long evicted(UnifiedJedis redis) {
        return number(redis, "stats", "evicted_keys");
    }

    private static long number(UnifiedJedis redis, String section, String field) {
        return redis.info(section)
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(field.length() + 1).strip()))
                .sum();
    }

    /** Writes ever new keys. Owns a thread, from the constructor to {@link #end()}. */
    private static final class Filler implements AutoCloseable {
        private static final String VALUE = "x".repeat(10_000);

        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;

        Filler(UnifiedJedis redis) {
            thread = new Thread(
                    () -> {
                        for (int i = 0; !over.get(); i++) {
                            redis.set("somebody-elses:" + i, VALUE);
                        }
                    },
                    "filler");
            thread.start();
        }

        void end() throws InterruptedException {
            over.set(true);
            thread.join();
        }

        @Override
        public void close() {
            over.set(true);
        }
    }
}
