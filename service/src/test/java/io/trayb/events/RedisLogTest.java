package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.TestRedis;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.XAddParams;

final class RedisLogTest {
    private final RedisLog log = new RedisLog(new SecureRandom());
    private TestRedis redis;

    @BeforeEach
    void start() {
        redis = TestRedis.own();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private void add(int events) {
        for (Event event : TestEvents.events(0, events)) {
            redis.client().xadd(RedisLog.KEY, XAddParams.xAddParams(), LogEntry.fields(event, 0));
        }
    }

    @Test
    void an_empty_logs_cursor_is_inside_the_log() {
        RedisLog.LogState opened = log.open(redis.client());

        LogPage page = new LogReader(redis.client(), log).read(opened.lastCursor(), 10);

        assertThat(page.gap()).isNull();
        assertThat(page.entries()).isEmpty();
        assertThat(page.end()).isEqualTo(opened.lastCursor());
    }

    @Test
    void all_who_open_the_log_at_once_find_the_same_epoch() throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> opening = IntStream.range(0, 8)
                    .<Callable<String>>mapToObj(
                            n -> () -> log.open(redis.client()).epoch())
                    .toList();
            Set<String> epochs = new HashSet<>();
            for (Future<String> epoch : nodes.invokeAll(opening)) {
                epochs.add(epoch.get());
            }
            assertThat(epochs).hasSize(1);
            assertThat(redis.client().xlen(RedisLog.KEY)).isEqualTo(1);
        } finally {
            nodes.shutdownNow();
        }
    }

    @Test
    void a_log_that_was_emptied_has_a_new_epoch() {
        String before = log.open(redis.client()).epoch();
        redis.client().del(RedisLog.KEY);

        assertThat(log.open(redis.client()).epoch()).isNotEqualTo(before);
    }

    @Test
    void a_promoted_replica_begins_a_new_epoch_after_what_it_has() {
        RedisLog.LogState before = log.open(redis.client());
        add(5);
        try (TestRedis replica = TestRedis.own()) {
            replica.replicate(redis, RedisLog.KEY);
            replica.promote();

            RedisLog.LogState after = log.open(replica.client());

            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(after.start().isAfter(before.last())).isTrue();
            assertThat(replica.client().xlen(RedisLog.KEY)).isEqualTo(7);
            assertThat(log.open(replica.client())).isEqualTo(after);
            LogPage page = new LogReader(replica.client(), log).read(before.lastCursor(), 10);
            assertThat(page.gap()).isEqualTo(GapReason.LOG_LOST);
            assertThat(page.end()).isEqualTo(after.lastCursor());
        }
    }

    @Test
    void a_page_from_inside_the_log_has_everything_after_its_cursor_in_order() {
        RedisLog.LogState opened = log.open(redis.client());
        add(25);
        LogReader reader = new LogReader(redis.client(), log);

        LogPage first = reader.read(opened.lastCursor(), 20);
        LogPage second = reader.read(first.end(), 20);

        assertThat(first.gap()).isNull();
        assertThat(first.entries()).hasSize(20);
        assertThat(second.gap()).isNull();
        assertThat(second.entries()).hasSize(5);
        assertThat(((LogEntry.Change) second.entries().get(4)).event()).isEqualTo(TestEvents.event(24));
    }

    @Test
    void a_page_from_before_the_log_says_so_and_has_what_is_left() {
        RedisLog.LogState opened = log.open(redis.client());
        add(25);
        redis.client().xtrim(RedisLog.KEY, 10, false);

        LogPage page = new LogReader(redis.client(), log).read(opened.lastCursor(), 20);

        assertThat(page.gap()).isEqualTo(GapReason.TRIMMED);
        assertThat(page.entries()).hasSize(10);
        assertThat(page.entries().get(0).id().isAfter(page.lostUpTo())).isTrue();
    }
}
