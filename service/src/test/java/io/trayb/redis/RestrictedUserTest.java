package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;

/** A service whose Redis lets it do no more than docs/configuration.md says that it needs. */
class RestrictedUserTest {
    private static final Pattern RULES = Pattern.compile("(?m)^ACL SETUSER trayb (.*)$");

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    Path folder;

    @Test
    void the_rights_that_are_documented_are_enough_for_all_that_a_service_does() throws Exception {
        try (TestRedis redis = TestRedis.own()) {
            setUser(redis, documentedRules());
            Map<String, String> variables = new TreeMap<>(TestService.outside(database.url(), redis.port(), folder));
            variables.put("REDIS_URL", "redis://trayb:secret@127.0.0.1:" + redis.port());
            try (TestService service = TestService.start(variables)) {
                String key = TestKeys.create(database, "limited", "*", EnumSet.allOf(Scope.class));
                ServiceClient client = service.client().with(key);
                await().until(() -> client.get("/queues").status() == 200);

                String job = client.submit("{'type':'noop'}");
                client.awaitState(job, "completed");
                client.get("/jobs/" + job).json(200);
                assertThat(client.get("/events/poll?topic=jobs&timeoutMs=0").status())
                        .isEqualTo(200);
                client.post("/events/tickets", "{'topics':['jobs']}").json(201);
                await().until(() -> HttpAnswers.get(service.port(), "/readyz").statusCode() == 200);
                await().until(() -> HttpAnswers.get(service.adminPort(), "/metrics")
                        .body()
                        .contains("trayb_events_published_total 3.0"));
            }
            assertThat(refusals(redis)).isEmpty();
        }
    }

    /** The rule that stands in the documents, and its secret. */
    private static List<String> documentedRules() throws Exception {
        Matcher documented = RULES.matcher(Files.readString(Path.of("../docs/configuration.md")));
        assertThat(documented.find()).isTrue();
        return List.of(documented.group(1).replace("SECRET", "secret").split(" ", -1));
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
