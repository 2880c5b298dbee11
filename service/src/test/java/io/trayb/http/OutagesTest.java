package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.util.Duration;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.PoolConfiguration;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** What a client may believe after a 503, with a real Postgres and a real Redis that really fail. */
class OutagesTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.empty();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final String NOTHING_DONE = "nothing was changed, try again";
    private static final String UNKNOWN = "whether this was still done is not known";
    private static final PoolConfiguration IMPATIENT =
            new PoolConfiguration(0, 1, Duration.milliseconds(200), Duration.seconds(1), Duration.seconds(1));

    @Test
    void without_a_connection_nothing_was_changed() throws Exception {
        DatabaseUrl nowhere = DatabaseUrl.parse("postgresql://nobody@127.0.0.1:1/nothing");

        assertThat(told(nowhere, "SELECT 1")).contains("Postgres is out of reach", NOTHING_DONE);
    }

    /** As a server that dies just then leaves them; the pool's exception has no cause and no state. */
    @Test
    void of_a_connection_that_broke_before_it_was_lent_nothing_was_changed() {
        assertThat(told(new ConnectionException(
                        new SQLException("Validation Query Failed, enable logValidationErrors"))))
                .contains("Postgres is out of reach", NOTHING_DONE);
    }

    @Test
    void while_all_connections_are_in_use_nothing_was_changed() throws Exception {
        Database one = started(database.url());
        try (Handle held = one.jdbi().open()) {
            held.execute("SELECT 1");
            assertThat(told(one, "SELECT 1")).contains("All connections to Postgres are in use", NOTHING_DONE);
        } finally {
            one.stop();
        }
    }

    @Test
    void what_a_standby_refuses_changed_nothing() throws Exception {
        assertThat(told(database.url(), "BEGIN READ ONLY; CREATE TABLE nothing ()"))
                .contains("Postgres can't take this at the moment", NOTHING_DONE);
    }

    @Test
    void of_a_statement_whose_answer_did_not_come_in_time_the_outcome_is_unknown() throws Exception {
        assertThat(told(database.url(), "SELECT pg_sleep(60)"))
                .contains("The connection to Postgres was lost", UNKNOWN, "Idempotency-Key")
                .doesNotContain(NOTHING_DONE);
    }

    @Test
    void of_a_statement_during_which_the_server_ended_the_connection_the_outcome_is_unknown() throws Exception {
        assertThat(told(database.url(), "SELECT pg_terminate_backend(pg_backend_pid())"))
                .contains("The connection to Postgres was lost", UNKNOWN)
                .doesNotContain(NOTHING_DONE);
    }

    @Test
    void a_mistake_in_a_statement_is_no_outage() {
        Throwable thrown = catchThrowable(
                () -> database.jdbi().useHandle(handle -> handle.execute("SELECT nothing FROM nowhere")));

        assertThat(Outages.of(thrown)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a primary that became a replica  | replicaof 127.0.0.1 1           | set k v",
                "a replica without its primary    | replicaof 127.0.0.1 1           | get k",
                "a Redis at its memory's end      | config set maxmemory 1          | set k v",
                "too few replicas                 | config set min-replicas-to-write 1 | set k v",
                "a script at its memory's end     | config set maxmemory 1          | eval return(redis.call('set','k','v')) 0",
                "no room for one more connection  | config set maxclients 1         | get k",
                "a password that was changed      | config set requirepass other    | get k"
            })
    void what_redis_refuses_for_a_while_can_be_tried_again(String what, String before, String command) {
        try (TestRedis redis = TestRedis.own()) {
            redis.client().configSet("replica-serve-stale-data", "no");
            say(redis.client(), before);
            try (RedisClient other = RedisClient.create("127.0.0.1", redis.port())) {
                assertThat(told(catchThrowable(() -> say(other, command))))
                        .as(what)
                        .contains("Redis", "try again");
            }
        }
    }

    @Test
    void while_all_connections_to_redis_are_in_use_it_can_be_tried_again() {
        ConnectionPoolConfig one = new ConnectionPoolConfig();
        one.setMaxTotal(1);
        one.setMaxWait(java.time.Duration.ofMillis(50));
        try (RedisClient client = RedisClient.builder()
                        .hostAndPort("127.0.0.1", redis.port())
                        .poolConfig(one)
                        .build();
                Connection held = client.getPool().getResource()) {
            assertThat(held.isConnected()).isTrue();
            assertThat(told(catchThrowable(() -> client.get("k")))).contains("Redis is out of reach");
        }
    }

    @Test
    void a_redis_that_is_not_there_can_be_tried_again() {
        try (RedisClient nobody = RedisClient.create("127.0.0.1", 1)) {
            assertThat(told(catchThrowable(() -> nobody.get("k")))).contains("Redis is out of reach");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lpush k v",
                "eval error() 0",
                "eval nonsense( 0",
                "evalsha none 0",
                "set k",
                "config set nothing 1"
            })
    void a_mistake_in_what_redis_is_asked_for_is_no_outage(String command) {
        redis.client().set("k", "text");

        assertThat(Outages.of(catchThrowable(() -> say(redis.client(), command))))
                .isEmpty();
    }

    private static void say(UnifiedJedis client, String words) {
        String[] parts = words.split(" ", -1);
        client.executeCommand(new CommandArguments(Protocol.Command.valueOf(parts[0].toUpperCase(Locale.ROOT)))
                .addObjects(Arrays.asList(parts).subList(1, parts.length)));
    }

    private static String told(DatabaseUrl url, String sql) throws Exception {
        Database other = started(url);
        try {
            return told(other, sql);
        } finally {
            other.stop();
        }
    }

    private static String told(Database on, String sql) {
        return told(catchThrowable(() -> on.jdbi().useHandle(handle -> handle.execute(sql))));
    }

    private static String told(Throwable thrown) {
        Optional<ProblemException> problem = Outages.of(thrown);
        assertThat(problem).as(String.valueOf(thrown)).isPresent();
        assertThat(problem.get().problem().status()).isEqualTo(503);
        assertThat(problem.get().header("Retry-After")).hasValue("2");
        return problem.get().problem().detail();
    }

    private static Database started(DatabaseUrl url) throws Exception {
        Database database = new Database(url, IMPATIENT, new MetricRegistry());
        database.start();
        return database;
    }
}
