package io.trayb.database;

import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.util.Duration;
import org.postgresql.PGProperty;

/** What dropwizard-migrations is given for a database: a connection straight to Postgres, in the schema of the tables. */
public final class MigrationTarget {
    private MigrationTarget() {}

    /** The data source; Liquibase takes the connection's schema for its own. */
    public static DataSourceFactory of(DatabaseUrl url) {
        DataSourceFactory factory = Database.signIn(url, Duration.seconds(5));
        factory.getProperties().put(PGProperty.CURRENT_SCHEMA.getName(), url.schema());
        return factory;
    }
}
