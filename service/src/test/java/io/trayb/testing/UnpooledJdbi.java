package io.trayb.testing;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.SchemaQualifier;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.postgresql.PGConnection;

/** What the service has, but for the pool: so that a test can stand between it and its connections. */
public final class UnpooledJdbi {
    private UnpooledJdbi() {}

    /** A connection on which nothing is prepared, as on the pool's to begin with: by default even a COMMIT would be. */
    public static Connection connect(DatabaseUrl url) throws SQLException {
        Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
        connection.unwrap(PGConnection.class).setPrepareThreshold(0);
        return connection;
    }

    public static Jdbi over(DatabaseUrl url, ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(new SchemaQualifier(url.schema()));
        return jdbi;
    }
}
