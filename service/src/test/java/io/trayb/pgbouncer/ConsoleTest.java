package io.trayb.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.database.DatabaseUrl;
import io.trayb.testing.TestCertificate;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestPgBouncer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGProperty;

class ConsoleTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.empty();

    @TempDir
    Path folder;

    private static DatabaseUrl url() {
        return DatabaseUrl.parse(TestPgBouncer.ofThisJvm().consoleUrl());
    }

    @Test
    void an_answer_comes_row_by_row_under_the_names_of_its_columns() throws IOException {
        try (Console console = Console.open(url())) {
            List<Row> pools = console.ask("SHOW POOLS");

            assertThat(pools).extracting(row -> row.text("database")).contains("pgbouncer");
            assertThat(pools.get(0).number("cl_waiting")).isZero();
            assertThat(pools.get(0).values()).containsKeys("sv_idle", "sv_login", "maxwait", "maxwait_us", "pool_mode");
            assertThat(console.ask("SHOW CONFIG"))
                    .filteredOn(row -> "pool_mode".equals(row.values().get("key")))
                    .singleElement()
                    .extracting(row -> row.values().get("value"))
                    .isEqualTo("transaction");
        }
    }

    @Test
    void what_is_not_there_is_told_with_what_is() throws IOException {
        try (Console console = Console.open(url())) {
            Row row = console.ask("SHOW VERSION").get(0);

            assertThatThrownBy(() -> row.number("maxwait"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the answer to SHOW VERSION has no maxwait, but [version]");
            assertThatThrownBy(() -> row.number("version")).hasMessageContaining("which is no number");
        }
    }

    @Test
    void a_refused_command_says_why_and_the_next_one_is_answered() throws IOException {
        try (Console console = Console.open(url())) {
            assertThatThrownBy(() -> console.ask("PAUSE"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("PgBouncer refuses PAUSE: admin access needed");

            assertThat(console.ask("SHOW VERSION")).hasSize(1);
        }
    }

    @Test
    void a_wrong_password_a_missing_one_and_a_user_who_may_not_look_are_told_apart() {
        assertThatThrownBy(() -> Console.open(with("trayb_stats", "geheim")))
                .hasMessageContaining("'trayb_stats'")
                .hasMessageContaining("authentication failed")
                .hasMessageNotContaining("geheim");
        assertThatThrownBy(() -> Console.open(with("trayb_stats", null)))
                .hasMessageContaining("PGBOUNCER_URL) has none");
        assertThatThrownBy(() -> Console.open(with("postgres", url().password())))
                .hasMessageContaining("not allowed");
    }

    private static DatabaseUrl with(String user, @Nullable String password) {
        DatabaseUrl url = url();
        return new DatabaseUrl(
                url.hosts(), url.database(), user, password, url.schema(), url.properties(), url.warnings());
    }

    @Test
    void md5_is_understood_as_well() throws IOException {
        Path users = Files.writeString(folder.resolve("users"), """
                "trayb_stats" "of-tests-only"
                "trayb_admin" "of-tests-only"
                """);
        try (TestPgBouncer md5 = TestPgBouncer.before(database.url(), "auth_type = md5", "auth_file = " + users);
                Console console = Console.open(DatabaseUrl.parse(md5.consoleUrl()))) {
            assertThat(console.ask("SHOW VERSION")).hasSize(1);
        }
    }

    @Test
    void with_sslmode_the_connection_is_encrypted_and_the_certificate_looked_at() throws Exception {
        TestCertificate own = TestCertificate.of(folder, "pgbouncer", "ip:127.0.0.1");
        Path certificate = own.certificate();
        try (TestPgBouncer tls = TestPgBouncer.before(
                database.url(),
                "client_tls_sslmode = allow",
                "client_tls_key_file = " + own.key(),
                "client_tls_cert_file = " + certificate)) {
            DatabaseUrl verified =
                    DatabaseUrl.parse(tls.consoleUrl() + "?sslmode=verify-full&sslrootcert=" + certificate);
            try (Console console = Console.open(verified)) {
                assertThat(console.ask("SHOW CLIENTS"))
                        .extracting(row -> row.text("tls"))
                        .anyMatch(cipher -> cipher.startsWith("TLS"));
            }
            assertThatThrownBy(() -> Console.open(DatabaseUrl.parse(verified.toString()
                            .replace(":***", ":" + url().password())
                            .replace("127.0.0.1", "localhost")
                            .replace("?schema=public", "?sslmode=verify-full&sslrootcert=" + certificate))))
                    .hasMessageContaining("isn't for localhost");
        }
        assertThatThrownBy(() ->
                        Console.open(DatabaseUrl.parse(TestPgBouncer.ofThisJvm().consoleUrl() + "?sslmode=require")))
                .hasMessageContaining("offers no TLS");
    }

    @Test
    void who_takes_the_connection_and_says_nothing_is_given_up() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long began = System.nanoTime();

            assertThatThrownBy(() -> Console.open(at(silent))).isInstanceOf(IOException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void who_is_no_pgbouncer_is_found_out() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket client = other.accept()) {
                    client.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            server.start();

            assertThatThrownBy(() -> Console.open(at(other))).hasMessageContaining("this is no PgBouncer");

            server.join();
        }
    }

    private static DatabaseUrl at(ServerSocket server) {
        return DatabaseUrl.parse("postgresql://trayb_stats:x@127.0.0.1:" + server.getLocalPort() + "/pgbouncer");
    }

    /** Why there is a client of our own. Should this fail one day, the driver can do it, and that client can go (decision 0021). */
    @Test
    void the_driver_can_not_open_the_console_even_with_simple_queries() {
        DatabaseUrl url = url();
        Properties properties = new Properties();
        properties.put(PGProperty.USER.getName(), String.valueOf(url.user()));
        properties.put(PGProperty.PASSWORD.getName(), String.valueOf(url.password()));
        properties.put(PGProperty.PREFER_QUERY_MODE.getName(), "simple");
        properties.put(PGProperty.ASSUME_MIN_SERVER_VERSION.getName(), "15");

        assertThatThrownBy(() ->
                        DriverManager.getConnection(url.jdbcUrl(), properties).close())
                .hasMessageContaining("admin access needed");
    }
}
