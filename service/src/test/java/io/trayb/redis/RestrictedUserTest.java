package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.testing.RedisProgram;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A service whose Redis lets it do no more than docs/configuration.md says that it needs, and is in cluster mode, in which it refuses
 * commands and scripts with keys that aren't in one slot.
 */
class RestrictedUserTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path folder;

    @Test
    void the_rights_that_are_documented_are_enough_and_whatever_is_used_together_is_in_one_slot() throws Exception {
        try (RedisProgram redis = RedisProgram.cluster(folder);
                Jedis jedis = redis.behindTheBack()) {
            jedis.aclSetUser("trayb", EverythingOnRedis.documentedRights().toArray(String[]::new));
            Map<String, String> variables =
                    new TreeMap<>(TestService.outside(database.url(), redis.port(), folder.resolve("node")));
            variables.put("REDIS_URL", "redis://trayb:secret@127.0.0.1:" + redis.port());
            try (TestService service = TestService.start(variables)) {
                EverythingOnRedis.done(service, database);
                EverythingOnRedis.awaitCounters(jedis);
            }
            assertThat(jedis.aclLog()).isEmpty();
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
