package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.testing.RedisProgram;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** A service on a Redis in cluster mode, which refuses commands, transactions and scripts with keys that aren't in one slot. */
class RedisClusterTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path folder;

    @Test
    void whatever_is_used_together_is_in_one_slot() throws Exception {
        try (RedisProgram redis = RedisProgram.cluster(folder);
                Jedis jedis = redis.behindTheBack()) {
            try (TestService service =
                    TestService.start(TestService.outside(database.url(), redis.port(), folder.resolve("node")))) {
                EverythingOnRedis.done(service, database, jedis);
            }
            assertThat(refusals(jedis)).isEmpty();
            assertThat(jedis.keys("*"))
                    .isNotEmpty()
                    .allMatch(key -> key.startsWith("{trayb}:")
                            || key.startsWith("metrics:")
                            || key.startsWith("{metrics:sse}:")
                            || key.startsWith("trayb:"));

            // That it would have been refused.
            assertThatThrownBy(() -> jedis.mget("a", "b"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageStartingWith("CROSSSLOT");
            assertThat(refusals(jedis)).hasSize(1);
        }
    }

    private static List<String> refusals(Jedis jedis) {
        return jedis.info("errorstats")
                .lines()
                .filter(line -> line.startsWith("errorstat_CROSSSLOT"))
                .toList();
    }
}
