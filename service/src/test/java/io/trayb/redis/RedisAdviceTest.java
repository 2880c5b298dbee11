package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a real Redis that is set up in one way or another. */
class RedisAdviceTest {
    private static final long LOG_BYTES = 80L * 1024 * 1024;

    private final List<String> said = new ArrayList<>();
    private TestRedis redis;
    private RedisAdvisor advisor;

    @BeforeEach
    void start() {
        redis = TestRedis.own();
        advisor = new RedisAdvisor(redis.client(), LOG_BYTES, said::add);
        configure("256mb", "allkeys-lru");
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private void configure(String maxmemory, String policy) {
        redis.client().configSet("maxmemory", maxmemory);
        redis.client().configSet("maxmemory-policy", policy);
    }

    @Test
    void of_one_that_is_set_up_as_is_advised_nothing_is_said() {
        assertThat(advisor.look()).isEqualTo(Duration.ofHours(1));
        assertThat(said).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, allkeys-lru, no maxmemory",
        "60mb, allkeys-lru, maxmemory is 60 MiB",
        "256mb, noeviction, policy is noeviction",
        "256mb, allkeys-random, policy is allkeys-random",
        "256mb, volatile-random, policy is volatile-random",
    })
    void each_thing_that_costs_something_is_said_once(String maxmemory, String policy, String words) {
        configure(maxmemory, policy);

        advisor.look();
        advisor.look();

        assertThat(said).singleElement().asString().contains(words).contains("; ");
    }

    @Test
    void a_replica_is_told_apart_and_what_changes_later_is_said_then() {
        advisor.look();
        try (TestRedis primary = TestRedis.own()) {
            redis.replicate(primary, "none");

            advisor.look();

            assertThat(said).singleElement().asString().startsWith("Redis is a replica, which takes no writes");
        }
    }

    @Test
    void one_that_is_away_is_asked_again_soon() {
        redis.stop();
        try {
            assertThat(advisor.look()).isEqualTo(Duration.ofSeconds(5));
            assertThat(said).isEmpty();
        } finally {
            redis.start();
        }
    }

    @ParameterizedTest
    @CsvSource({"6.0.16, true", "5.0.7, true", "6.2.0, false", "7.0.15, false", "8.0, false", "valkey, false"})
    void versions_before_6_2_are_too_old(String version, boolean tooOld) {
        assertThat(!RedisAdvice.on("redis_version:" + version, LOG_BYTES).isEmpty())
                .isEqualTo(tooOld);
    }
}
