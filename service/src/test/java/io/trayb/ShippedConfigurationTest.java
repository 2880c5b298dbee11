package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.util.Duration;
import io.trayb.cluster.ClusterConfiguration;
import io.trayb.database.DatabaseConfiguration;
import io.trayb.events.EventsConfiguration;
import io.trayb.health.ReadinessConfiguration;
import io.trayb.jobs.RetentionConfiguration;
import io.trayb.redis.RedisConfiguration;
import io.trayb.roles.Roles;
import io.trayb.testing.ShippedConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedConfigurationTest {
    private static final String FAILURE_ATTEMPTS = "{postgres: 2, redis: 2, queue: 1}";

    @Test
    void without_any_variable_everything_is_at_its_default() throws Exception {
        TraybConfiguration configuration = ShippedConfiguration.load(Map.of());

        assertThat(configuration.dataDir()).isEqualTo(Path.of("./data"));
        assertThat(configuration.database()).isEqualTo(DatabaseConfiguration.DEFAULT);
        assertThat(configuration.redis()).isEqualTo(RedisConfiguration.DEFAULT);
        assertThat(configuration.readiness()).isEqualTo(ReadinessConfiguration.DEFAULT);
        assertThat(configuration.events()).isEqualTo(EventsConfiguration.defaults());
        assertThat(application(configuration).getPort()).isEqualTo(8080);
        assertThat(application(configuration).getBindHost()).isEqualTo("127.0.0.1");
        assertThat(admin(configuration).getPort()).isEqualTo(8081);
        assertThat(admin(configuration).getBindHost()).isEqualTo("127.0.0.1");
        assertThat(configuration.jobs().worker()).isTrue();
        assertThat(configuration.jobs().slots())
                .isEqualTo(2 * Runtime.getRuntime().availableProcessors());
        assertThat(configuration.jobs().metricsPoll()).isEqualTo(Duration.milliseconds(5000));
        assertThat(configuration.jobs().httpAllowList()).isEmpty();
        assertThat(configuration.retention()).isEqualTo(RetentionConfiguration.defaults());
        assertThat(configuration.roles()).isEqualTo(Roles.ALL);
        assertThat(configuration.cluster()).isEqualTo(ClusterConfiguration.defaults());
        assertThat(configuration.cors().allowedOrigins()).isEmpty();
    }

    @Test
    void a_retention_that_cannot_be_is_refused_with_its_key() {
        assertThatThrownBy(() ->
                        ShippedConfiguration.load(Map.of(), text -> text.replace("completed: 14d", "completed: 12h")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("retention.completed must be");
    }

    @Test
    void how_many_failures_turn_a_node_away_is_said_for_each_dependency_and_else_as_it_comes() throws Exception {
        ReadinessConfiguration readiness = ShippedConfiguration.load(
                        Map.of(), text -> text.replace(FAILURE_ATTEMPTS, "{redis: 5}"))
                .readiness();
        assertThat(readiness.failureAttempts()).isEqualTo(Map.of("postgres", 2, "redis", 5, "queue", 1));

        for (String wrong : List.of("{mongo: 2}", "{redis: 0}", "{redis: 11}", "{redis: }")) {
            assertThatThrownBy(() -> ShippedConfiguration.load(Map.of(), text -> text.replace(FAILURE_ATTEMPTS, wrong)))
                    .as(wrong)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("readiness.failureAttempts");
        }
    }

    @Test
    void the_defaults_of_the_times_and_sizes_are_these() {
        assertThat(DatabaseConfiguration.DEFAULT.toString())
                .isEqualTo(
                        "DatabaseConfiguration[url=null, directUrl=null, probeDatabase=null, pgbouncerUrl=null, pool=PoolConfiguration[minSize=2,"
                                + " maxSize=16, borrowTimeout=1 second, connectTimeout=2 seconds, socketTimeout=4 seconds]]");
        assertThat(RedisConfiguration.DEFAULT.toString())
                .isEqualTo(
                        "RedisConfiguration[url=null, caFile=null, connectTimeout=500 milliseconds, commandTimeout=1 second,"
                                + " maxConnections=16]");
        assertThat(ReadinessConfiguration.DEFAULT.critical()).containsExactlyInAnyOrder("postgres", "redis", "queue");
        assertThat(ReadinessConfiguration.DEFAULT.drainDelay()).isEqualTo(Duration.seconds(0));
        assertThat(ReadinessConfiguration.DEFAULT.probeInterval()).isEqualTo(Duration.seconds(1));
        assertThat(ReadinessConfiguration.DEFAULT.staleAfter()).isEqualTo(Duration.seconds(3));
        assertThat(ReadinessConfiguration.DEFAULT.failureAttempts())
                .isEqualTo(Map.of("postgres", 2, "redis", 2, "queue", 1));
    }

    /** Of what is stopped after requests and handlers, if Postgres and Redis answer nobody: see the stop() of each. */
    private static final List<Long> FIXED_STOP_SECONDS = List.of(
            5L, // the probes of readiness
            31L, // the claimer's last look
            13L, // the worker's last outcomes, given back and written, and its check on leases
            17L, // waiting workers, counters, history, gauges, housekeeping
            16L, // events: publisher, tail, counters, timer, writers
            8L); // the lease: its last beat and the signing off

    /** Each engine is killed after 30 s. */
    private static final long ENGINES_STOP_SECONDS = 60;

    @Test
    void the_launcher_waits_for_longer_than_a_stop_can_take_and_the_sum_is_said() throws Exception {
        TraybConfiguration configuration = ShippedConfiguration.load(Map.of());
        long fixed = FIXED_STOP_SECONDS.stream().mapToLong(Long::longValue).sum();
        assertThat(fixed).isEqualTo(90);
        long sum = configuration.readiness().drainDelay().toSeconds()
                + configuration.events().drainWindow().toSeconds()
                + 2
                + configuration.server().getShutdownGracePeriod().toSeconds()
                + configuration.jobs().shutdownGrace().toSeconds()
                + fixed
                + ENGINES_STOP_SECONDS;

        long launcher = numberIn(Path.of("..", "scripts", "launcher", "processes.sh"), "SERVICE_STOP_SECONDS=(\\d+)");
        assertThat(sum).isLessThan(launcher);
        assertThat(configuration.cluster().stopWithin().toSeconds()).isEqualTo(launcher);
        assertThat(numberIn(ShippedConfiguration.FILE, "#\\s+(\\d+) s  in all")).isEqualTo(sum);
        assertThat(numberIn(ShippedConfiguration.FILE, "trayb up waits for (\\d+) s"))
                .isEqualTo(launcher);
    }

    @Test
    void a_cluster_that_would_kill_processes_amid_their_stop_is_refused() throws Exception {
        assertThat(StopTime.of(ShippedConfiguration.load(Map.of()))).hasSeconds(158);
        StopTime.requireWithinClusters(ShippedConfiguration.load(Map.of()));

        assertThatThrownBy(() -> StopTime.requireWithinClusters(ShippedConfiguration.load(Map.of("DRAIN_DELAY", "5m"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "cluster.stopWithin is 240 s, must be at least 458 s: so long a process may take to end, by"
                                + " readiness.drainDelay (300 s), events.drainWindow (5 s),");
    }

    private static long numberIn(Path file, String pattern) throws Exception {
        Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
        assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void every_variable_finds_its_key() throws Exception {
        TraybConfiguration configuration = ShippedConfiguration.load(Map.ofEntries(
                Map.entry("DATABASE_URL", "postgresql://u:p@pgbouncer:6432/trayb_customs?schema=public"),
                Map.entry("DIRECT_DATABASE_URL", "postgresql://u:p@postgres:5432/trayb_customs"),
                Map.entry("PROBE_DATABASE", "trayb_probe"),
                Map.entry("PGBOUNCER_URL", "postgresql://stats:p@pgbouncer:6432/pgbouncer"),
                Map.entry("REDIS_URL", "redis+sentinel://s1,s2/main"),
                Map.entry("DRAIN_DELAY", "3s"),
                Map.entry("PORT", "0"),
                Map.entry("ADMIN_PORT", "9091"),
                Map.entry("BIND_HOST", "localhost"),
                Map.entry("ADMIN_BIND_HOST", "127.0.0.2"),
                Map.entry("DATA_DIR", "/srv/trayb"),
                Map.entry("RUN_JOB_WORKER", "false"),
                Map.entry("TRAYB_ROLES", "api,events"),
                Map.entry("CLUSTER_WORKERS", "3"),
                Map.entry("HTTP_JOB_ALLOW", "*.example.org, 10.0.0.0/8"),
                Map.entry("HTTP_JOB_SECRETS", "/tmp"),
                Map.entry("HTTP_JOB_CA_FILE", "pom.xml"),
                Map.entry("JOB_CONCURRENCY", "3"),
                Map.entry("QUEUE_METRICS_POLL_MS", "1000"),
                Map.entry("SSE_ENABLED", "false"),
                Map.entry("CORS_ALLOWED_ORIGINS", "https://app.example.org, http://localhost:3000"),
                Map.entry("LOG_FORMAT", "json"),
                Map.entry("LOG_LEVEL", "DEBUG")));

        assertThat(configuration.database().url())
                .hasToString("postgresql://u:***@pgbouncer:6432/trayb_customs?schema=public");
        assertThat(configuration.database().migrationUrl().orElseThrow().hosts())
                .isEqualTo("postgres:5432");
        assertThat(configuration
                        .database()
                        .probeUrl(
                                Objects.requireNonNull(configuration.database().url())))
                .hasToString("postgresql://u:***@pgbouncer:6432/trayb_probe?schema=public");
        assertThat(configuration.database().pgbouncerUrl())
                .hasToString("postgresql://stats:***@pgbouncer:6432/pgbouncer?schema=public");
        assertThat(configuration.redis().url()).hasToString("redis+sentinel://s1:26379,s2:26379/main/0");
        assertThat(configuration.readiness().drainDelay()).isEqualTo(Duration.seconds(3));
        assertThat(application(configuration).getPort()).isZero();
        assertThat(application(configuration).getBindHost()).isEqualTo("localhost");
        assertThat(admin(configuration).getPort()).isEqualTo(9091);
        assertThat(admin(configuration).getBindHost()).isEqualTo("127.0.0.2");
        assertThat(configuration.dataDir()).isEqualTo(Path.of("/srv/trayb"));
        assertThat(configuration.jobs().worker()).isFalse();
        assertThat(configuration.roles().names()).containsExactly("api", "events");
        assertThat(configuration.cluster().processes(8)).isEqualTo(3);
        assertThat(configuration.jobs().httpAllowList()).containsExactly("*.example.org", "10.0.0.0/8");
        assertThat(configuration.jobs().httpSecrets()).isEqualTo("/tmp");
        assertThat(configuration.jobs().httpCaFile()).isEqualTo("pom.xml");
        assertThat(configuration.jobs().slots()).isEqualTo(3);
        assertThat(configuration.jobs().metricsPoll()).isEqualTo(Duration.milliseconds(1000));
        assertThat(configuration.events().sseEnabled()).isFalse();
        assertThat(configuration.cors().allowedOrigins())
                .containsExactly("https://app.example.org", "http://localhost:3000");
    }

    @Test
    void the_name_of_the_node_service_for_the_queue_poll_still_works() throws Exception {
        assertThat(ShippedConfiguration.load(Map.of("BULLMQ_METRICS_POLL_MS", "2000"))
                        .jobs()
                        .metricsPoll())
                .isEqualTo(Duration.milliseconds(2000));
        assertThat(ShippedConfiguration.load(Map.of("BULLMQ_METRICS_POLL_MS", "2000", "QUEUE_METRICS_POLL_MS", "3000"))
                        .jobs()
                        .metricsPoll())
                .isEqualTo(Duration.milliseconds(3000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PORT | many | server.applicationConnectors[0].port is 'many' (set by PORT), must be a whole number",
                "PORT | 70000 | port",
                "RUN_JOB_WORKER | perhaps | jobs.worker is 'perhaps' (set by RUN_JOB_WORKER), must be true or false",
                "JOB_CONCURRENCY | 0 | jobs.concurrency must be greater than or equal to 1",
                "QUEUE_METRICS_POLL_MS | x | jobs.metricsPoll (set by QUEUE_METRICS_POLL_MS)",
                "CORS_ALLOWED_ORIGINS | https://app.example.org/ | cors: allowedOrigins has 'https://app.example.org/', but each must be",
                "CORS_ALLOWED_ORIGINS | * | allowedOrigins has '*', but each must be an origin as browsers write it",
                "LOG_FORMAT | xml | type 'xml', which doesn't exist",
                "ADMIN_BIND_HOST | 192.0.2.1 | must be a loopback address",
                "DATABASE_URL | mysql://u:geheim@host/db | database.url (set by DATABASE_URL): database URL: it doesn't begin",
                "DATABASE_URL | postgresql://u:geh#eim@host/db | %23",
                "PGBOUNCER_URL | postgresql://u:geheim@host:6432/trayb | must name one PgBouncer's console, the database pgbouncer",
                "PGBOUNCER_URL | postgresql://u:geheim@a,b/pgbouncer | must name one PgBouncer's console",
                "REDIS_URL | redis://:geheim@ho st | redis.url (set by REDIS_URL): Redis URL: host is 'ho st'",
                "REDIS_CA_FILE | nowhere.pem | redis.caFile (set by REDIS_CA_FILE): the file nowhere.pem can't be read",
                "REDIS_CA_FILE | ../pom.xml | the file ../pom.xml",
                "DIRECT_DATABASE_URL | postgresql://u:geheim@host/db | needs database.url (DATABASE_URL) beside it",
            })
    void a_bad_value_is_refused_with_key_variable_and_what_is_allowed(String name, String value, String sentence) {
        assertThatThrownBy(() -> ShippedConfiguration.load(Map.of(name, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("geheim")
                .hasMessageNotContaining("io.trayb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dataDirectory: x", "databse: {}", "secret: {url: 'redis://:geheim@host'}"})
    void an_unknown_key_is_refused_with_those_that_are_known(String line) {
        assertThatThrownBy(() -> ShippedConfiguration.load(Map.of(), text -> text + "\n" + line + "\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is unknown; allowed are")
                .hasMessageContaining("dataDir")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void a_nested_unknown_key_is_named_with_its_path() {
        assertThatThrownBy(() ->
                        ShippedConfiguration.load(Map.of(), text -> text.replace("    maxSize: 16", "    maxSiez: 16")))
                .hasMessageContaining("database.pool.maxSiez is unknown; allowed are")
                .hasMessageContaining("maxSize");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SSE_DROPS: 120 | threshold 'SSE_DROPS' is unknown; there are apiErrorBudget",
                "sseDropsPerMinute: -1 | threshold 'sseDropsPerMinute' is -1.0, but must be a number above 0",
                "sseDropsPerMinute: 0 | threshold 'sseDropsPerMinute' is 0.0, but must be a number above 0",
                "targetAbsentSeconds: 1 | threshold 'targetAbsentSeconds' is 1.0, and no rule can be made of that: the catalogue",
                "rulesDriftedSeconds: 5 | threshold 'rulesDriftedSeconds' is 5.0, and no rule can be made of that: duration",
                "targetAbsentSeconds: 1e300 | threshold 'targetAbsentSeconds' is 1.0E300, and no rule can be made of that",
                "sseDropsPerMinute: many | thresholds.sseDropsPerMinute is 'many', must be a number",
                "sseDropsPerMinute: | threshold 'sseDropsPerMinute' has no value, but must be a number above 0",
                "apiLatencyP95Seconds: 0.7 | threshold 'apiLatencyP95Seconds' is 0.7, but must be one of the buckets",
            })
    void a_threshold_that_no_rule_can_be_made_of_is_refused(String line, String sentence) {
        assertThatThrownBy(() -> ShippedConfiguration.load(
                        Map.of(), text -> text.replace("thresholds: {}", "thresholds: {" + line + "}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("thresholds")
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("io.trayb");
    }

    @Test
    void the_example_of_a_threshold_in_the_comments_is_one_that_can_be_set() throws Exception {
        Matcher example = Pattern.compile("such as\n# (\\w+: \\d+)\\. The generator")
                .matcher(Files.readString(ShippedConfiguration.FILE));
        assertThat(example.find()).isTrue();

        TraybConfiguration configuration = ShippedConfiguration.load(
                Map.of(), text -> text.replace("thresholds: {}", "thresholds: {" + example.group(1) + "}"));

        assertThat(configuration.thresholds()).hasSize(1);
    }

    @Test
    void what_contradicts_itself_is_refused() {
        assertThatThrownBy(() ->
                        ShippedConfiguration.load(Map.of(), text -> text.replace("    minSize: 2", "    minSize: 17")))
                .hasMessageContaining("minSize must not be greater than maxSize");
    }

    /** What is written to streams isn't what the compressing handler has seen. */
    @ParameterizedTest
    @ValueSource(
            strings = {"excludedMimeTypes: [image/png]", "compressedMimeTypes: [application/json, text/event-stream]"})
    void event_streams_are_never_compressed(String line) {
        String gzip = "  gzip:\n    enabled: true\n";
        assertThatThrownBy(() ->
                        ShippedConfiguration.load(Map.of(), text -> text.replace(gzip, gzip + "    " + line + "\n")))
                .hasMessageContaining("server.gzip must leave event streams as they are");
    }

    @Test
    void broken_yaml_is_refused_without_repeating_a_password_in_it() {
        assertThatThrownBy(() -> ShippedConfiguration.load(
                        Map.of(), text -> text.replace("${REDIS_URL:-}", "{ redis://:geheim@host: [")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("geheim");
    }

    @Test
    void a_missing_variable_without_a_default_is_refused_by_name() {
        assertThatThrownBy(() ->
                        ShippedConfiguration.load(Map.of(), text -> text.replace("${DATA_DIR:-./data}", "${DATA_DIR}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("DATA_DIR");
    }

    @Test
    void every_key_of_the_shipped_file_has_a_comment_above_it_or_above_its_group() throws Exception {
        String before = "";
        for (String line : Files.readAllLines(ShippedConfiguration.FILE)) {
            boolean topLevel = line.matches("[a-z][A-Za-z]*:.*");
            if (topLevel) {
                assertThat(before).as(line).startsWith("#");
            }
            before = line;
        }
    }

    private static HttpConnectorFactory application(TraybConfiguration configuration) {
        return (HttpConnectorFactory)
                configuration.server().getApplicationConnectors().get(0);
    }

    private static HttpConnectorFactory admin(TraybConfiguration configuration) {
        return (HttpConnectorFactory)
                configuration.server().getAdminConnectors().get(0);
    }
}
