package io.trayb.embedded;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.Migrations;
import io.trayb.redis.RedisUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import liquibase.exception.LiquibaseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines that a service runs for itself, because no URL of another one is set. They run from {@link #start} until the
 * service has stopped everything else.
 */
public final class EmbeddedEngines implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedEngines.class);

    private final DataDirectory directory;
    private final DataDirectory.Lock lock;
    private final @Nullable EmbeddedPostgres postgres;
    private final @Nullable DatabaseUrl databaseUrl;
    private final @Nullable EmbeddedRedis redis;
    private final @Nullable RedisUrl redisUrl;

    private EmbeddedEngines(DataDirectory directory, boolean withPostgres, boolean withRedis) {
        this.directory = directory;
        this.lock = directory.lock();
        EngineBinaries binaries = new EngineBinaries(directory.resolve("engines"));
        this.postgres = withPostgres ? new EmbeddedPostgres(directory, binaries) : null;
        this.redis = withRedis ? new EmbeddedRedis(directory, binaries) : null;
        this.databaseUrl = postgres == null ? null : postgres.prepare();
        this.redisUrl = redis == null ? null : redis.prepare();
    }

    /**
     * Takes the data directory for this process and decides where the engines will be; nothing runs yet.
     *
     * @throws EmbeddedException with a sentence: the directory is taken or can't be written
     */
    public static EmbeddedEngines prepare(DataDirectory directory, boolean withPostgres, boolean withRedis) {
        return new EmbeddedEngines(directory, withPostgres, withRedis);
    }

    /** Where the embedded Postgres is or will be; there must be one. */
    public DatabaseUrl databaseUrl() {
        return Objects.requireNonNull(databaseUrl, "there is no embedded Postgres, since database.url is set");
    }

    /**
     * The same as {@code DATABASE_URL} has it, with the password in it: for another process that uses this Postgres. Null if there
     * is none.
     */
    public @Nullable String databaseUrlForOthers() {
        return postgres == null ? null : written("postgres.url");
    }

    /** The embedded Redis as {@code REDIS_URL} has it, with the password in it. Null if there is none. */
    public @Nullable String redisUrlForOthers() {
        return redis == null ? null : written("redis.url");
    }

    private String written(String name) {
        try {
            return Files.readString(directory.resolve(name)).strip();
        } catch (IOException e) {
            throw new EmbeddedException(directory.resolve(name) + ", which was just written, can't be read: " + e, e);
        }
    }

    /** Where the embedded Redis is or will be; there must be one. */
    public RedisUrl redisUrl() {
        return Objects.requireNonNull(redisUrl, "there is no embedded Redis, since redis.url is set");
    }

    /**
     * Starts the engines side by side, and returns when they answer and the tables are there.
     *
     * @throws EmbeddedException with a sentence: an engine didn't start, or the tables couldn't be brought up to date
     */
    @Override
    public void start() {
        try {
            startAll();
        } catch (RuntimeException e) {
            // Dropwizard stops only what has started.
            stop();
            throw e;
        }
    }

    private void startAll() {
        long began = System.nanoTime();
        CompletableFuture<Void> startingRedis = CompletableFuture.runAsync(this::startRedis);
        try {
            if (postgres != null) {
                postgres.start(databaseUrl());
            }
        } finally {
            // Waited for in any case: what is still starting couldn't be stopped.
            join(startingRedis);
        }
        long up = System.nanoTime();
        if (postgres != null) {
            migrate();
        }
        LOGGER.info(
                "Embedded engines in {}: up after {} ms, tables up to date after {} ms",
                directory.root(),
                millis(up - began),
                millis(System.nanoTime() - up));
    }

    private void startRedis() {
        if (redis != null) {
            redis.start(redisUrl());
        }
    }

    private void migrate() {
        Migrations migrations = new Migrations(databaseUrl());
        try {
            // Asked first, since setting up Liquibase takes half a second.
            if (!migrations.pending().isEmpty()) {
                LOGGER.info("Applied to the embedded Postgres: {}", migrations.apply());
            }
        } catch (SQLException | LiquibaseException e) {
            throw new EmbeddedException(
                    "the tables of the embedded Postgres can't be brought up to date: " + e.getMessage(), e);
        }
    }

    /** Stops the engines and gives the data directory back. */
    @Override
    public void stop() {
        try {
            if (redis != null) {
                redis.stop();
            }
            if (postgres != null) {
                postgres.stop();
            }
        } finally {
            lock.close();
        }
    }

    private static void join(CompletableFuture<Void> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
