package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import io.trayb.testing.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CountersCommandTest {
    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Whether it did what it was told. */
    private boolean reset(Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(Map.of("LOG_LEVEL", "WARN", "DATA_DIR", folder.toString()));
        all.putAll(variables);
        TraybApplication application = new TraybApplication(all);
        Bootstrap<TraybConfiguration> bootstrap = new Bootstrap<>(application);
        application.initialize(bootstrap);
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        bootstrap.addCommand(new CountersCommand(print));
        PrintStream complaints = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Cli(new JarLocation(getClass()), bootstrap, print, complaints)
                .run("counters", "reset", "../config.yml")
                .isEmpty();
    }

    private String url() {
        return "redis://127.0.0.1:" + redis.port();
    }

    private void count() {
        redis.client().hset("metrics:sse", Map.of("active", "3", "delivered", "12"));
        redis.client().hset("metrics:cache:jobs", "hits", "5");
        redis.client().hset("metrics:other", "kept", "1");
    }

    @Test
    void the_hashes_are_empty_afterwards_and_nothing_else_is() {
        count();

        assertThat(reset(Map.of("REDIS_URL", url())))
                .as(err.toString(StandardCharsets.UTF_8))
                .isTrue();

        assertThat(redis.client().exists("metrics:sse", "metrics:cache:jobs", "metrics:cache:queues"))
                .isZero();
        assertThat(redis.client().hgetAll("metrics:other")).containsOnlyKeys("kept");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("emptied metrics:sse", "emptied metrics:cache:jobs", "metrics:cache:queues was empty");
    }

    @Test
    void the_embedded_redis_is_found() throws Exception {
        Files.writeString(folder.resolve("redis.url"), url() + "\n");
        count();

        assertThat(reset(Map.of())).as(err.toString(StandardCharsets.UTF_8)).isTrue();

        assertThat(redis.client().exists("metrics:sse")).isFalse();
    }

    @Test
    void without_one_it_says_what_to_do() {
        assertThat(reset(Map.of())).isFalse();

        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("counters: ")
                .contains("isn't running: start the service first, or set REDIS_URL");
    }
}
