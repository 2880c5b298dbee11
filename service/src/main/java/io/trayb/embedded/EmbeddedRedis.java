package io.trayb.embedded;

import io.trayb.redis.RedisUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Redis on the data directory. Whoever starts it holds the directory's lock. Not thread-safe.
 *
 * <p>Appends to its file and syncs every second: what it holds makes things fast and is not the truth.
 */
final class EmbeddedRedis {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedRedis.class);
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private final EngineBinaries binaries;
    private final Path files;
    private final Path log;
    private final Path urlFile;

    EmbeddedRedis(DataDirectory directory, EngineBinaries binaries) {
        this.binaries = binaries;
        this.files = directory.resolve("redis");
        this.log = directory.resolve("redis.log");
        this.urlFile = directory.resolve("redis.url");
    }

    /**
     * Says where it will be once it is started: where it is, if a killed service left it running, else on a port that is free
     * now.
     */
    RedisUrl prepare() {
        try {
            Files.createDirectories(files);
            if (running().isEmpty() || !Files.exists(urlFile)) {
                stop();
                // With the user's name, which redis-cli -u doesn't add by itself and then fails to sign in.
                String text =
                        "redis://default:" + EngineFiles.newPassword() + "@127.0.0.1:" + EngineFiles.freePort() + "/0";
                EngineFiles.writePrivately(urlFile, text + "\n");
            }
            return RedisUrl.parse(Files.readString(urlFile));
        } catch (IOException e) {
            throw new EmbeddedException("the embedded Redis can't be prepared: " + e, e);
        }
    }

    /** Starts it where it was prepared, or takes over the one that was left running. Returns once it answers. */
    void start(RedisUrl url) {
        Optional<EngineProcess> left = running();
        if (left.isEmpty()) {
            launch(url);
            return;
        }
        LOGGER.info(
                "The embedded Redis of an earlier start is still running (process {}); using it",
                left.get().handle().pid());
        left.get().awaitReady(() -> answers(url), START_PATIENCE);
    }

    /** Stops it if it runs; it syncs its file before it ends. */
    void stop() {
        running().ifPresent(process -> process.stop("TERM"));
    }

    private void launch(RedisUrl url) {
        writeConf(url);
        EngineProcess process =
                EngineProcess.start("Redis", List.of(binaries.redis().toString(), conf().toString()), log);
        try {
            process.awaitReady(() -> answers(url), START_PATIENCE);
        } catch (EmbeddedException e) {
            process.stop("TERM");
            throw e;
        }
    }

    /** The password is in a file and not on the command line, which every user of the machine can read. */
    private void writeConf(RedisUrl url) {
        String text = """
                bind 127.0.0.1
                port %d
                requirepass %s
                dir "%s"
                pidfile "%s"
                appendonly yes
                appendfsync everysec
                save ""
                maxmemory 256mb
                maxmemory-policy allkeys-lru
                # Keeps the command line as it was given, by which the process is recognised after a crash.
                set-proc-title no
                """.formatted(url.hosts().get(0).getPort(), url.password(), files, pidFile());
        try {
            EngineFiles.writePrivately(conf(), text);
        } catch (IOException e) {
            throw new EmbeddedException("the embedded Redis can't be configured: " + e, e);
        }
    }

    private Path conf() {
        return files.resolve("redis.conf");
    }

    private Path pidFile() {
        return files.resolve("redis.pid");
    }

    private Optional<EngineProcess> running() {
        try {
            if (!Files.exists(pidFile())) {
                return Optional.empty();
            }
            String pid = Files.readString(pidFile()).strip();
            return pid.isEmpty()
                    ? Optional.empty()
                    : EngineProcess.find("Redis", Long.parseLong(pid), conf().toString(), log);
        } catch (IOException e) {
            throw new EmbeddedException(pidFile() + " can't be read: " + e, e);
        }
    }

    private static boolean answers(RedisUrl url) {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .password(url.password())
                .timeoutMillis(1000)
                .build();
        try (Jedis jedis = new Jedis(url.hosts().get(0), config)) {
            return "PONG".equals(jedis.ping());
        } catch (JedisException e) {
            // Not listening yet, or still reading its file (LOADING): not ready, which is what was asked.
            LOGGER.trace("Redis isn't ready: {}", e.getMessage());
            return false;
        }
    }
}
