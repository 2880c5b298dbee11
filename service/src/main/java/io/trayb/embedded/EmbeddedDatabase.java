package io.trayb.embedded;

import io.trayb.database.DatabaseUrl;
import java.util.Optional;

/**
 * The embedded Postgres for the time of a command, such as a migration or the making of a key: the one that a running
 * service has, or one that is started for the command and stopped when it is closed.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private final DatabaseUrl url;
    private final Runnable close;

    private EmbeddedDatabase(DatabaseUrl url, Runnable close) {
        this.url = url;
        this.close = close;
    }

    /**
     * Finds or starts it.
     *
     * @throws EmbeddedException when the directory is taken by a service that has no embedded Postgres, can't be written, or
     *     Postgres doesn't start
     */
    public static EmbeddedDatabase open(DataDirectory directory) {
        EmbeddedPostgres postgres = new EmbeddedPostgres(directory, new EngineBinaries(directory.resolve("engines")));
        Optional<DataDirectory.Lock> lock = directory.tryLock();
        if (lock.isEmpty()) {
            DatabaseUrl url = postgres.findRunning()
                    .orElseThrow(() -> new EmbeddedException(
                            "DATA_DIR " + directory.root()
                                    + " is in use by a Trayb whose embedded Postgres isn't running (yet); try again, or set"
                                    + " DATABASE_URL if that is what the service has",
                            null));
            return new EmbeddedDatabase(url, () -> {});
        }
        DataDirectory.Lock taken = lock.get();
        try {
            DatabaseUrl url = postgres.prepare();
            postgres.start(url);
            return new EmbeddedDatabase(url, () -> {
                try (taken) {
                    postgres.stop();
                }
            });
        } catch (RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    /** Where it is. */
    public DatabaseUrl url() {
        return url;
    }

    @Override
    public void close() {
        close.run();
    }
}
