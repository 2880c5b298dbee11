package io.trayb.keys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.keys.ApiKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.RateLimit;
import io.trayb.keys.Scope;
import io.trayb.testing.TestRedis;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
    private static final TestRedis redis = TestRedis.own();

    private final AtomicLong nanos = new AtomicLong();
    private final TokenBuckets here = new TokenBuckets(redis.client(), nanos::get);
    private final TokenBuckets there = new TokenBuckets(redis.client(), nanos::get);
    private final ApiKey key = new ApiKey(
            "k",
            UUID.randomUUID().toString(),
            Set.of(Scope.READ),
            QueuePattern.ALL,
            null,
            Instant.EPOCH,
            "test",
            null,
            null,
            null,
            null);

    @AfterAll
    static void end() {
        redis.close();
    }

    private static RateLimit rate(String text) {
        return RateLimit.parse(text).orElseThrow();
    }

    @Test
    void all_nodes_take_from_one_bucket() {
        RateLimit rate = rate("4/h");
        assertThat(here.take(key, rate).remaining()).isEqualTo(3);
        assertThat(there.take(key, rate).remaining()).isEqualTo(2);
        assertThat(here.take(key, rate).remaining()).isEqualTo(1);
        assertThat(there.take(key, rate).granted()).isTrue();

        TokenBuckets.Taken refused = here.take(key, rate);
        assertThat(refused.granted()).isFalse();
        assertThat(refused.retryInMs()).isBetween(890_000L, 900_000L);
        assertThat(refused.fullInMs()).isBetween(3_590_000L, 3_600_000L);
    }

    @Test
    void what_was_taken_comes_back() {
        RateLimit rate = rate("2/s");
        here.take(key, rate);
        here.take(key, rate);
        await().until(() -> here.take(key, rate).granted());
    }

    @Test
    void an_emptied_redis_costs_a_limit_and_no_request() {
        RateLimit rate = rate("1/h");
        assertThat(here.take(key, rate).granted()).isTrue();
        redis.empty();
        redis.client().scriptFlush();
        assertThat(here.take(key, rate).granted()).isTrue();
        assertThat(here.take(key, rate).granted()).isFalse();
    }

    @Test
    void a_redis_that_answers_nobody_is_tried_by_one_request_at_a_time() throws Exception {
        RateLimit rate = rate("100/h");
        try (TestRedis frozen = TestRedis.own()) {
            TokenBuckets waiting = new TokenBuckets(frozen.client(), nanos::get);
            frozen.answerNobodyFor(60_000);
            waiting.take(key, rate);
            nanos.addAndGet(2_000_000_000L);
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<Long>> waits = threads.invokeAll(Collections.nCopies(8, () -> {
                    long began = System.nanoTime();
                    waiting.take(key, rate);
                    return System.nanoTime() - began;
                }));

                // As long as the client waits for an answer.
                int waited = 0;
                for (Future<Long> wait : waits) {
                    waited += wait.get() > 900_000_000L ? 1 : 0;
                }
                assertThat(waited).isEqualTo(1);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void while_redis_is_away_each_node_counts_by_itself() {
        TestRedis gone = TestRedis.own();
        TokenBuckets lonely = new TokenBuckets(gone.client(), nanos::get);
        RateLimit rate = rate("2/m");
        assertThat(lonely.take(key, rate).granted()).isTrue();
        gone.close();

        assertThat(lonely.take(key, rate).granted()).isTrue();
        assertThat(lonely.take(key, rate).granted()).isTrue();
        TokenBuckets.Taken refused = lonely.take(key, rate);
        assertThat(refused.granted()).isFalse();
        assertThat(refused.retryInMs()).isEqualTo(30_000);
        nanos.addAndGet(30_000_000_000L);
        assertThat(lonely.take(key, rate).granted()).isTrue();
    }
}
