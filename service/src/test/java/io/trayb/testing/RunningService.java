package io.trayb.testing;

import io.dropwizard.core.setup.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import redis.clients.jedis.RedisClient;

/**
 * A service of a test class's own, on a database of its own and the JVM's Redis.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RunningService service = RunningService.with(Map.of());
 * }</pre>
 */
public final class RunningService implements BeforeAllCallback, AfterAllCallback {
    private final Map<String, String> variables;
    private final TestDatabase database = TestDatabase.migrated();
    private final TestRedis redis = new TestRedis();
    private @Nullable Path dataDir;
    private @Nullable TestService running;

    private RunningService(Map<String, String> variables) {
        this.variables = variables;
    }

    /** With these environment variables beside the engines' own. */
    public static RunningService with(Map<String, String> variables) {
        return new RunningService(Map.copyOf(variables));
    }

    public int port() {
        return running().port();
    }

    public int adminPort() {
        return running().adminPort();
    }

    /** What it is made of. */
    public Environment environment() {
        return running().environment();
    }

    /** Its database. */
    public TestDatabase database() {
        return database;
    }

    public ServiceClient client() {
        return running().client();
    }

    /** Its Redis, in the form of {@code REDIS_URL}. */
    public String redisUrl() {
        return redis.url();
    }

    /** Whether the list of queues is in the cache, so that the next who asks may get it from there. */
    public boolean cachedQueueList() {
        try (RedisClient client = RedisClient.create("127.0.0.1", redis.port())) {
            return client.exists("{trayb}:cache:queues:all");
        }
    }

    /** Stops it and starts it again on the same engines, on other ports. */
    public void restart() throws Exception {
        running().close();
        running = start();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        database.beforeAll(context);
        redis.beforeAll(context);
        dataDir = Files.createTempDirectory("trayb-test");
        running = start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        running().close();
        database.afterAll(context);
        // Empty by now, or something was left behind: then this says so.
        Files.delete(Objects.requireNonNull(dataDir));
    }

    private TestService start() throws Exception {
        Map<String, String> all =
                new TreeMap<>(TestService.outside(database.url(), redis.port(), Objects.requireNonNull(dataDir)));
        all.putAll(variables);
        return TestService.start(all);
    }

    private TestService running() {
        return Objects.requireNonNull(running, "RunningService must be a static field with @RegisterExtension");
    }
}
