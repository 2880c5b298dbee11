package io.trayb.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** For the few statements that may take longer than a connection of the pool waits for an answer. */
public final class Patience {
    private static final Logger LOGGER = LoggerFactory.getLogger(Patience.class);

    private Patience() {}

    /**
     * Does work on a handle whose connection waits for longer meanwhile.
     *
     * @param longest how long it waits for an answer at most, in milliseconds' precision
     * @throws ConnectionException if the connection is of no use
     */
    public static <T extends @Nullable Object> T with(Handle handle, Duration longest, Supplier<T> work) {
        Connection connection = handle.getConnection();
        int before;
        try {
            before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(longest.toMillis()));
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
        try {
            return work.get();
        } finally {
            restore(connection, before);
        }
    }

    private static void restore(Connection connection, int before) {
        try {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, before);
            }
        } catch (SQLException e) {
            // It is broken: the pool finds that out, and what the work has met goes first.
            LOGGER.debug("A connection couldn't be made impatient again", e);
        }
    }
}
