package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Connection;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.XReadParams;

class RedisConnectionsTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private final RedisConnections connections =
            new RedisConnections(RedisUrl.parse(redis.url()), RedisConfiguration.DEFAULT);

    @Test
    void the_shared_client_works_without_a_connection_being_made_first() {
        try (UnifiedJedis client = connections.shared()) {
            client.set("a", "1");

            assertThat(client.get("a")).isEqualTo("1");
        }
    }

    @Test
    void a_blocking_client_waits_longer_than_a_command_may_take() {
        try (UnifiedJedis client = connections.blocking(Duration.ofSeconds(3))) {
            assertThat(client.xread(
                            XReadParams.xReadParams().block(1500), Map.of("nothing", StreamEntryID.XREAD_NEW_ENTRY)))
                    .isNull();
        }
    }

    @Test
    void a_dedicated_connection_speaks_to_the_primary() {
        try (Connection connection = connections.dedicated(Duration.ZERO)) {
            assertThat(connection.ping()).isTrue();
        }
    }

    @Test
    void a_client_of_a_redis_that_is_away_can_be_made_and_fails_when_it_is_used() {
        try (UnifiedJedis client =
                new RedisConnections(RedisUrl.parse("redis://127.0.0.1:1"), RedisConfiguration.DEFAULT).shared()) {
            assertThatThrownBy(() -> client.get("a")).isInstanceOf(JedisConnectionException.class);
        }
    }
}
