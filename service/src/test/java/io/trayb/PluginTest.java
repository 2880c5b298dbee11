package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.PluginJar;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A jar in {@code plugins/}, which the launcher puts on the class path. */
class PluginTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    private static final String HANDLER = """
            package example;

            import io.trayb.jobs.JobContext;
            import io.trayb.jobs.JobHandler;

            public final class GreetHandler implements JobHandler<GreetHandler.Payload> {
                public record Payload(String name) {}

                @Override
                public String type() {
                    return "example.greet";
                }

                @Override
                public Object run(Payload payload, JobContext job) {
                    return "Hello " + payload.name() + ", attempt " + job.attempt();
                }
            }
            """;

    @TempDir
    Path temporary;

    @Test
    void a_jar_in_plugins_adds_its_job_type() throws Exception {
        Path plugins = Files.createDirectory(temporary.resolve("plugins"));
        PluginJar.build(plugins.resolve("greet.jar"), "example.GreetHandler", HANDLER);

        Process service = start(plugins);
        try {
            ServiceClient client = new ServiceClient(awaitPort(service));
            String id = client.submit("{'type': 'example.greet', 'payload': {'name': 'Ada'}}");

            assertThat(client.awaitState(id, "completed").path("result").asText())
                    .isEqualTo("Hello Ada, attempt 1");
        } finally {
            service.destroy();
            assertThat(service.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** With the class path in the launcher's form. */
    private Process start(Path plugins) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        PluginJar.classPath() + File.pathSeparator + plugins + "/*",
                        "io.trayb.TraybApplication",
                        "server",
                        "../config.yml"))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().put("PORT", "0");
        builder.environment().put("ADMIN_PORT", "0");
        builder.environment().putAll(TestService.outside(database.url(), redis.port(), temporary));
        return builder.start();
    }

    private int awaitPort(Process service) {
        Path file = temporary.resolve("trayb.json");
        JsonNode place = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            assertThat(service.isAlive())
                                    .as(() -> "the service lives; it said:\n" + said())
                                    .isTrue();
                            return ServiceClient.parse(Files.exists(file) ? Files.readString(file) : "{}");
                        },
                        found -> found.path("pid").asLong() == service.pid());
        return place.path("port").asInt();
    }

    private Path log() {
        return temporary.resolve("service.log");
    }

    private String said() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return "nothing that could be read: " + e;
        }
    }
}
