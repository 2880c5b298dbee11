package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Throwables;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import io.trayb.embedded.DataDirectory;
import io.trayb.embedded.EmbeddedDatabase;
import io.trayb.keys.KeyText;
import io.trayb.keys.ring.NoKeysException;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysCommandTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Whether it did what it was told. */
    private boolean run(Map<String, String> variables, String... arguments) {
        out.reset();
        err.reset();
        Map<String, String> all = new TreeMap<>(Map.of("LOG_LEVEL", "WARN"));
        all.putAll(variables);
        TraybApplication application = new TraybApplication(all);
        Bootstrap<TraybConfiguration> bootstrap = new Bootstrap<>(application);
        application.initialize(bootstrap);
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        bootstrap.addCommand(new KeysCommand(print));
        return new Cli(
                        new JarLocation(getClass()),
                        bootstrap,
                        print,
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments)
                .isEmpty();
    }

    private boolean onDatabase(String... arguments) {
        return run(TestService.outside(database.url(), redis.port(), folder), arguments);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String last() {
        return lines().get(lines().size() - 1);
    }

    @Test
    void a_key_is_made_listed_and_revoked() {
        assertThat(onDatabase(
                        "keys",
                        "create",
                        "--name",
                        "ci",
                        "--scopes",
                        "submit,read",
                        "--queues",
                        "billing-*",
                        "--expires",
                        "90d",
                        "--rate",
                        "100/s",
                        "../config.yml"))
                .as(said())
                .isTrue();
        String key = last();
        assertThat(key).matches(KeyText.FORM);
        assertThat(String.join("\n", lines().subList(0, lines().size() - 1))).doesNotContain(key);

        assertThat(onDatabase("keys", "list", "../config.yml")).isTrue();
        assertThat(lines())
                .anySatisfy(line -> assertThat(line).contains("ci ", "live", "submit,read", "billing-*", "100/s"));
        assertThat(String.join("\n", lines())).doesNotContain(key);

        assertThat(onDatabase("keys", "revoke", "ci", "../config.yml")).isTrue();
        assertThat(onDatabase("keys", "list", "../config.yml")).isTrue();
        assertThat(lines()).anySatisfy(line -> assertThat(line).contains("ci ", "revoked"));

        assertThat(onDatabase("keys", "create", "--name", "ci", "--scopes", "read", "../config.yml"))
                .isFalse();
        assertThat(said()).contains("'ci'", "ci-2").doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--name A --scopes read                      | --name is 'A', allowed is",
                "--name local --scopes read                  | --name is 'local', allowed is",
                "--name a --scopes read,reed                 | --scopes has 'reed', allowed are submit, read, work, operate",
                "--name a --scopes read --queues *x          | --queues is '*x', allowed is *, the name of a queue",
                "--name a --scopes read --expires yesterday  | --expires is 'yesterday', allowed is",
                "--name a --scopes read --expires 2001-01-01T00:00:00Z | --expires is '2001",
                "--name a --scopes read --rate 5             | --rate is '5', allowed is N/s, N/m or N/h",
            })
    void what_is_wrong_is_said_with_what_is_allowed(String options, String sentence) {
        String[] arguments = ("keys create " + options.strip() + " ../config.yml").split(" +", -1);
        assertThat(onDatabase(arguments)).isFalse();
        assertThat(said()).startsWith("keys: ").contains(sentence).doesNotContain("Exception");
    }

    @Test
    void a_key_that_is_not_there_is_not_revoked() {
        assertThat(onDatabase("keys", "revoke", "nobody", "../config.yml")).isFalse();
        assertThat(said()).contains("there is no key 'nobody'", "keys list");
    }

    @Test
    void it_reaches_the_embedded_database_running_or_not() {
        Map<String, String> embedded = Map.of("DATA_DIR", folder.toString());
        assertThat(run(embedded, "keys", "create", "--name", "first", "--scopes", "read", "../config.yml"))
                .as(said())
                .isTrue();
        assertThat(last()).matches(KeyText.FORM);
        try (EmbeddedDatabase running = EmbeddedDatabase.open(DataDirectory.at(folder))) {
            assertThat(running.url()).isNotNull();
            assertThat(run(embedded, "keys", "list", "../config.yml"))
                    .as(said())
                    .isTrue();
            assertThat(lines()).anySatisfy(line -> assertThat(line).contains("first ", "live"));
        }
    }

    @Test
    void a_service_that_others_can_reach_does_not_start_without_a_key() {
        database.jdbi().useHandle(handle -> handle.execute("DELETE FROM trayb_api_keys"));
        Map<String, String> variables = new TreeMap<>(TestService.outside(database.url(), redis.port(), folder));
        variables.put("BIND_HOST", "0.0.0.0");
        assertThatThrownBy(() -> TestService.start(variables))
                .matches(thrown -> Throwables.getRootCause(thrown) instanceof NoKeysException);
    }
}
