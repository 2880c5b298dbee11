package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;

/** A service whose Redis lets it do no more than docs/configuration.md says that it needs. */
class RestrictedUserTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path folder;

    @Test
    void the_rights_that_are_documented_are_enough_for_all_that_a_service_does() throws Exception {
        try (TestRedis redis = TestRedis.own()) {
            setUser(redis, EverythingOnRedis.documentedRights());
            Map<String, String> variables = new TreeMap<>(TestService.outside(database.url(), redis.port(), folder));
            variables.put("REDIS_URL", "redis://trayb:secret@127.0.0.1:" + redis.port());
            try (TestService service = TestService.start(variables)) {
                EverythingOnRedis.done(service, database, redis.client());
            }
            assertThat(refusals(redis)).isEmpty();
        }
    }

    private static void setUser(TestRedis redis, List<String> rules) {
        List<String> arguments = new ArrayList<>(List.of("SETUSER", "trayb"));
        arguments.addAll(rules);
        try (Connection connection = redis.connect()) {
            connection.sendCommand(Protocol.Command.ACL, arguments.toArray(String[]::new));
            assertThat(connection.getStatusCodeReply()).isEqualTo("OK");
        }
    }

    /** What the user tried and was refused. */
    private static List<Object> refusals(TestRedis redis) {
        try (Connection connection = redis.connect()) {
            connection.sendCommand(Protocol.Command.ACL, "LOG");
            return connection.getObjectMultiBulkReply();
        }
    }
}
