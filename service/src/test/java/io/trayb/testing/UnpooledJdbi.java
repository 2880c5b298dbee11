package io.trayb.testing;

import io.trayb.database.DatabaseUrl;
import io.trayb.database.SchemaQualifier;
import java.util.UUID;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;

/** What the service has, but for the pool: so that a test can stand between it and its connections. */
public final class UnpooledJdbi {
    private UnpooledJdbi() {}

    public static Jdbi over(DatabaseUrl url, ConnectionFactory connections) {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(new SchemaQualifier(url.schema()));
        jdbi.registerArrayType(UUID.class, "uuid");
        jdbi.registerArrayType(String.class, "text");
        jdbi.registerArrayType(Integer.class, "int4");
        jdbi.registerArrayType(Long.class, "int8");
        return jdbi;
    }
}
