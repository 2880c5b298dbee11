package io.trayb.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** For the few statements that may take longer than a connection of the pool waits for an answer. */
public final class Patience {
    private Patience() {}

    /**
     * Does work on a handle whose connection waits for longer meanwhile.
     *
     * @param longest how long it waits for an answer at most, in milliseconds' precision
     * @throws ConnectionException if the connection is of no use
     */
    public static <T extends @Nullable Object> T with(Handle handle, Duration longest, Supplier<T> work) {
        Connection connection = handle.getConnection();
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(longest.toMillis()));
            try {
                return work.get();
            } finally {
                if (!connection.isClosed()) {
                    connection.setNetworkTimeout(Runnable::run, before);
                }
            }
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }
}
