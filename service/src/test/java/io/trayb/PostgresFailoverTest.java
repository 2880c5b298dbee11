package io.trayb;

import static io.trayb.testing.HttpAnswers.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.database.DatabaseUrl;
import io.trayb.health.PostgresProbe;
import io.trayb.health.ProbeFailure;
import io.trayb.testing.Figures;
import io.trayb.testing.OwnPostgres;
import io.trayb.testing.ServiceClient.Answer;
import io.trayb.testing.TestPgBouncer;
import io.trayb.testing.TestPostgresPair;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services on a primary with a synchronous standby, when the one dies and the other takes over. One of them goes through the
 * shipped PgBouncer, which is pointed at the new primary; the other names both servers and finds it by itself.
 */
class PostgresFailoverTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PROMISED = Duration.ofSeconds(5);
    private static final int CLIENTS = 2;
    /** What may have been done without anybody being told: one submission of each client. */
    private static final int UNTOLD = 2 * CLIENTS;

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    static Path folder;

    private static TestPostgresPair pair;
    private static TestPgBouncer pgbouncer;
    private static TestService pooled;
    private static TestService direct;

    @BeforeAll
    static void start() throws Exception {
        pair = new TestPostgresPair(folder);
        pgbouncer = TestPgBouncer.before(pair.primary().url());
        pooled = service("pooled", pgbouncer.through(pair.primary().url()));
        direct = service("direct", pair.url());
    }

    private static TestService service(String name, DatabaseUrl database) throws Exception {
        return TestService.start(TestService.outside(database, redis.port(), folder.resolve(name)));
    }

    @AfterAll
    static void stop() throws Exception {
        direct.close();
        pooled.close();
        pgbouncer.close();
        pair.close();
    }

    /** Each test may have killed the primary. */
    @BeforeEach
    void standbyIsThere() throws Exception {
        pair.rejoin();
        await().atMost(PATIENCE).until(() -> isReady(pooled) && isReady(direct));
    }

    @Test
    void nothing_that_was_acknowledged_is_lost_and_both_services_go_on_by_themselves() throws Exception {
        String running = direct.client().submit("{'type':'sleep','payload':{'ms':2000}}");
        direct.client().awaitState(running, "active");
        FailoverLoad through = new FailoverLoad("pooled", pooled.client(), CLIENTS);
        FailoverLoad past = new FailoverLoad("direct", direct.client(), CLIENTS);
        long killed;
        long promoted;
        try (through;
                past) {
            await().atMost(PATIENCE)
                    .until(() -> through.kept().size() > 100 && past.kept().size() > 100);

            killed = System.nanoTime();
            pair.killPrimary();
            through.mark();
            past.mark();
            pair.promote();
            promoted = System.nanoTime();
            pgbouncer.leadTo(pair.primary().url());

            await().atMost(PATIENCE).until(() -> through.isKeptAgain() && past.isKeptAgain());
        }
        for (FailoverLoad load : List.of(through, past)) {
            Figures.note(
                    "Postgres failover, %s: %d ms from kill -9 of the primary to the first submission that is kept, %d of them until the standby was promoted"
                            .formatted(
                                    load.name(),
                                    load.untilKeptAgain(killed).toMillis(),
                                    Duration.ofNanos(promoted - killed).toMillis()));
            assertThat(load.unexpected()).isEmpty();
        }

        await().atMost(PATIENCE).until(() -> isReady(pooled) && isReady(direct));
        await().atMost(PATIENCE)
                .until(() ->
                        pair.primary().ask("SELECT count(*) FROM trayb_jobs").equals("0"));
        List<String> completed = tags("""
                SELECT payload ->> 'tag' FROM trayb_finished_jobs WHERE queue = 'load' AND state = 'completed'
                """);
        assertThat(completed)
                .doesNotHaveDuplicates()
                .containsAll(through.kept())
                .containsAll(past.kept());
        TreeSet<String> untold = new TreeSet<>(completed);
        untold.removeAll(through.kept());
        untold.removeAll(past.kept());
        assertThat(untold).hasSizeLessThanOrEqualTo(UNTOLD);
        assertThat(tags("SELECT state FROM trayb_finished_jobs WHERE state <> 'completed'"))
                .isEmpty();
        // An outage isn't a crash: what was running went on.
        JsonNode survivor = pooled.client().job(running);
        assertThat(survivor.path("state").asText()).isEqualTo("completed");
        assertThat(survivor.path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void whoever_is_led_to_a_standby_is_refused_whole_and_goes_on_when_led_back() throws Exception {
        pgbouncer.leadTo(pair.standby().url());

        await().atMost(PROMISED)
                .until(() -> get(pooled.port(), "/readyz").body().contains("read-only"));
        assertThat(get(pooled.port(), "/readyz").statusCode()).isEqualTo(503);
        // The first answers may be of connections that lead to the primary still.
        await().atMost(PROMISED).until(() -> {
            Answer answer = pooled.client().post("/jobs", "{'type':'noop'}");
            return answer.status() == 503
                    && answer.problem(503).path("detail").asText().contains("nothing was changed");
        });

        pgbouncer.leadTo(pair.primary().url());

        await().atMost(PROMISED).until(() -> isReady(pooled));
        await().atMost(PROMISED)
                .until(() -> pooled.client().post("/jobs", "{'type':'noop'}").status() == 201);
    }

    /** The one that is named first is a standby by then, and answers whoever asks. */
    @Test
    void of_two_servers_the_one_is_used_that_is_the_primary_whatever_their_order() throws Exception {
        if (pair.url().hosts().startsWith(pair.primary().url().hosts())) {
            pair.killPrimary();
            pair.promote();
            pgbouncer.leadTo(pair.primary().url());
            pair.rejoin();
        }
        // The driver remembers for ten seconds which server was gone; here it shall look each time.
        String bothServers = "postgresql://" + pair.url().user() + "@"
                + pair.url().hosts() + "/" + pair.url().database() + "?hostRecheckSeconds=0";

        assertThatCode(() -> probe(bothServers)).doesNotThrowAnyException();
        assertThatThrownBy(() -> probe(bothServers + "&targetServerType=any")).hasMessageContaining("read-only");

        pair.primary()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'trayb%'");
        // The first answers may be of connections that were just ended.
        await().atMost(PATIENCE)
                .until(() -> direct.client().post("/jobs", "{'type':'noop'}").status() == 201 && isReady(direct));
    }

    private static void probe(String url) throws ProbeFailure {
        try (PostgresProbe probe = new PostgresProbe(DatabaseUrl.parse(url))) {
            probe.probe();
        }
    }

    /** Postgres then says that it is done, and adds a warning. */
    @Test
    void what_the_standby_has_not_confirmed_is_not_acknowledged() throws Exception {
        OwnPostgres standby = pair.standby();
        List<CompletableFuture<Answer>> submissions = new ArrayList<>();
        standby.freeze();
        try {
            for (String body : List.of(
                    "/jobs {'queue':'unconfirmed','type':'noop'}",
                    "/jobs/batch {'jobs':[{'queue':'unconfirmed','type':'noop'},{'queue':'unconfirmed','type':'noop'}]}")) {
                String[] parts = body.split(" ", 2);
                submissions.add(
                        CompletableFuture.supplyAsync(() -> direct.client().post(parts[0], parts[1])));
            }
            await().atMost(PROMISED).until(() -> {
                pair.primary()
                        .ask("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
                return submissions.stream().allMatch(CompletableFuture::isDone);
            });
        } finally {
            standby.thaw();
        }

        for (CompletableFuture<Answer> submission : submissions) {
            assertThat(submission.get().problem(503).path("detail").asText())
                    .contains("its standby may not have it")
                    .contains("is not known");
        }
    }

    private static List<String> tags(String query) throws SQLException {
        List<String> tags = new ArrayList<>();
        try (Connection connection = pair.primary().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                tags.add(rows.getString(1));
            }
        }
        return tags;
    }

    private static boolean isReady(TestService service) throws Exception {
        return get(service.port(), "/readyz").statusCode() == 200;
    }
}
