package io.trayb.testing;

import io.trayb.database.DatabaseUrl;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Jdbi;

/** Connections that are cut off at each commit: whoever made it never hears whether it was made. */
public final class CutConnections {
    /** What Postgres has done by then. */
    public enum At {
        /** Nothing: the process died with the transaction open. */
        BEFORE_COMMIT,
        /** All of it: only the answer was lost. */
        AFTER_COMMIT
    }

    private CutConnections() {}

    public static Jdbi to(DatabaseUrl url, At at) {
        return UnpooledJdbi.over(url, () -> cut(UnpooledJdbi.connect(url), at));
    }

    private static Connection cut(Connection connection, At at) {
        return (Connection) Proxy.newProxyInstance(
                CutConnections.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        if (at == At.AFTER_COMMIT) {
                            connection.commit();
                        }
                        connection.abort(Runnable::run);
                        throw new SQLException("the connection was cut", "08006");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
