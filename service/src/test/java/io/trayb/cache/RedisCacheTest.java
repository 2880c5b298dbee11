package io.trayb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.cache.CacheObserver.Result;
import io.trayb.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.RedisClient;

class RedisCacheTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private final List<Result> results = new CopyOnWriteArrayList<>();
    private final AtomicLong nanoTime = new AtomicLong();
    private RedisClient client;
    private RedisCache cache;

    @BeforeEach
    void connect() {
        client = RedisClient.create("127.0.0.1", redis.port());
        client.flushAll();
        cache = new RedisCache(
                client, "jobs", Duration.ofMinutes(1), (name, result) -> results.add(result), nanoTime::get);
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void gives_back_what_was_put() {
        cache.put("a", bytes("1"));

        assertThat(cache.get("a")).contains(bytes("1"));
        assertThat(cache.get("b")).isEmpty();
        assertThat(results).containsExactly(Result.HIT, Result.MISS);
    }

    @Test
    void forgets_after_its_time() {
        cache.put("a", bytes("1"));

        assertThat(client.pttl("{trayb}:cache:jobs:a")).isBetween(1L, 60_000L);
    }

    @Test
    void a_reader_who_was_slow_cannot_put_back_what_was_struck_out() {
        cache.put("a", bytes("old"));
        cache.strikeOut(List.of("a"));
        cache.put("a", bytes("old"));

        assertThat(cache.get("a")).isEmpty();
    }

    @Test
    void is_skipped_for_a_second_after_redis_failed_and_says_so() {
        client.close();

        assertThat(cache.get("a")).isEmpty();
        cache.put("a", bytes("1"));
        assertThat(cache.strikeOut(List.of("a"))).isFalse();
        assertThat(results).containsExactly(Result.ERROR);
    }

    @Test
    void counts_for_redis_cli_and_hands_on_to_the_metrics() throws Exception {
        CacheCounters counters = new CacheCounters(client, (name, result) -> results.add(result));
        counters.start();
        counters.lookedUp("jobs", Result.HIT);
        counters.lookedUp("jobs", Result.HIT);
        counters.lookedUp("jobs", Result.MISS);
        counters.lookedUp("queues", Result.ERROR);

        counters.stop();

        assertThat(client.hgetAll("metrics:cache:jobs")).isEqualTo(Map.of("hits", "2", "misses", "1"));
        await().untilAsserted(
                        () -> assertThat(client.hgetAll("metrics:cache:queues")).isEqualTo(Map.of("errors", "1")));
        assertThat(results).hasSize(4);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
