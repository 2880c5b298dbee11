package io.trayb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.database.DatabaseUrl;
import io.trayb.testing.TestDataDir;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;

class EmbeddedEnginesTest {
    @TempDir
    Path temporary;

    private Path dataDir;
    private EmbeddedEngines engines;

    @BeforeEach
    void prepare() {
        dataDir = TestDataDir.in(temporary);
        engines = EmbeddedEngines.prepare(DataDirectory.at(dataDir), true, true);
    }

    @AfterEach
    void stop() {
        engines.stop();
    }

    @Test
    void postgres_is_durable_and_listens_on_loopback_only_with_a_password() throws Exception {
        engines.start();

        for (Map.Entry<String, String> setting : Map.of(
                        "fsync", "on",
                        "synchronous_commit", "on",
                        "full_page_writes", "on",
                        "listen_addresses", "127.0.0.1",
                        "unix_socket_directories", "",
                        "server_encoding", "UTF8")
                .entrySet()) {
            assertThat(ask(engines.databaseUrl(), "SHOW " + setting.getKey()))
                    .as(setting.getKey())
                    .isEqualTo(setting.getValue());
        }
        assertThatThrownBy(
                        () -> DriverManager.getConnection(engines.databaseUrl().jdbcUrl(), "trayb", "wrong"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password");
    }

    @Test
    void redis_appends_every_second_and_wants_a_password() {
        engines.start();

        DefaultJedisClientConfig signIn = DefaultJedisClientConfig.builder()
                .password(engines.redisUrl().password())
                .build();
        try (Jedis redis = new Jedis(engines.redisUrl().hosts().get(0), signIn)) {
            assertThat(redis.configGet("append*"))
                    .containsEntry("appendonly", "yes")
                    .containsEntry("appendfsync", "everysec");
            assertThat(redis.configGet("maxmemory-policy")).containsEntry("maxmemory-policy", "allkeys-lru");
        }
        assertThat(engines.redisUrl().password()).hasSize(32);
    }

    @Test
    void the_written_urls_serve_the_engines_own_clients() throws Exception {
        engines.start();

        assertThat(answer("redis-cli", "--no-auth-warning", "-u", written("redis.url"), "PING"))
                .isEqualTo("PONG");
        assertThat(answer("psql", "-Atqc", "SELECT 42", written("postgres.url")))
                .isEqualTo("42");
    }

    @Test
    void secrets_can_be_read_by_their_owner_only() throws Exception {
        engines.start();

        for (String file : new String[] {"postgres.password", "postgres.url", "redis.url", "redis/redis.conf"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDir.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void what_was_written_is_there_after_a_stop_and_a_new_start() throws Exception {
        engines.start();
        ask(engines.databaseUrl(), "CREATE TABLE kept AS SELECT 42 AS answer");
        engines.stop();

        engines = EmbeddedEngines.prepare(DataDirectory.at(dataDir), true, true);
        engines.start();

        assertThat(ask(engines.databaseUrl(), "SELECT answer FROM kept")).isEqualTo("42");
    }

    @Test
    void nothing_runs_on_after_a_stop() {
        engines.start();
        EngineProcess postgres = process("postgres/postmaster.pid");
        EngineProcess redis = process("redis/redis.pid");

        engines.stop();

        assertThat(postgres.handle().isAlive()).isFalse();
        assertThat(redis.handle().isAlive()).isFalse();
    }

    @Test
    void a_second_service_on_the_same_directory_is_refused_with_a_sentence() {
        assertThatThrownBy(() -> EmbeddedEngines.prepare(DataDirectory.at(dataDir), true, true))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("is in use by another Trayb (process "
                        + ProcessHandle.current().pid() + ")")
                .hasMessageContaining("another DATA_DIR");
    }

    @Test
    void a_command_finds_the_database_of_a_running_service() throws Exception {
        engines.start();

        try (EmbeddedDatabase database = EmbeddedDatabase.open(DataDirectory.at(dataDir))) {
            assertThat(database.url()).isEqualTo(engines.databaseUrl());
        }
        assertThat(ask(engines.databaseUrl(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_command_starts_the_database_for_its_time_when_no_service_runs() throws Exception {
        engines.stop();
        DatabaseUrl url;
        try (EmbeddedDatabase database = EmbeddedDatabase.open(DataDirectory.at(dataDir))) {
            url = database.url();
            assertThat(ask(url, "SELECT 1")).isEqualTo("1");
        }

        assertThatThrownBy(() -> ask(url, "SELECT 1")).isInstanceOf(SQLException.class);
        engines = EmbeddedEngines.prepare(DataDirectory.at(dataDir), true, true);
    }

    @Test
    void a_directory_that_is_a_file_is_refused_with_a_sentence() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> EmbeddedEngines.prepare(DataDirectory.at(file.resolve("data")), true, true))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("DATA_DIR")
                .hasMessageContaining("can't be written");
    }

    @Test
    void a_postgres_that_can_not_start_says_why_and_leaves_nothing_running() throws Exception {
        engines.start();
        engines.stop();
        Files.writeString(dataDir.resolve("postgres/postgresql.auto.conf"), "shared_buffers = 'nonsense'\n");
        engines = EmbeddedEngines.prepare(DataDirectory.at(dataDir), true, true);

        assertThatThrownBy(engines::start)
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("Postgres ended while it was starting")
                .hasMessageContaining("shared_buffers");
        assertThat(Files.exists(dataDir.resolve("redis/redis.pid"))).isFalse();
    }

    private String written(String file) throws IOException {
        return Files.readString(dataDir.resolve(file)).strip();
    }

    private static String answer(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            process.waitFor();
            return text;
        }
    }

    private EngineProcess process(String pidFile) {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(dataDir.resolve(pidFile)).get(0).strip());
            return EngineProcess.find("engine", pid, dataDir.toString(), dataDir)
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ask(DatabaseUrl url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
