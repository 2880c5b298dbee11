package io.trayb;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.DbCommand;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.MigrationTarget;
import io.trayb.database.Migrations;
import io.trayb.embedded.DataDirectory;
import io.trayb.embedded.EmbeddedDatabase;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/**
 * {@code db}: Liquibase on the database that the service would use, past PgBouncer; on embedded, the one that is running or
 * one that is started for the command.
 */
final class TraybDbCommand extends DbCommand<TraybConfiguration> {
    private final Target target;

    TraybDbCommand() {
        this(new Target());
    }

    private TraybDbCommand(Target target) {
        super("db", target, TraybConfiguration.class, Migrations.CHANGE_LOG);
        this.target = target;
    }

    @Override
    protected void run(
            @Nullable Bootstrap<TraybConfiguration> bootstrap, Namespace namespace, TraybConfiguration configuration)
            throws Exception {
        DatabaseUrl configured = configuration.database().migrationUrl().orElse(null);
        if (configured != null) {
            runOn(configured, bootstrap, namespace, configuration);
            return;
        }
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(DataDirectory.at(configuration.dataDir()))) {
            runOn(embedded.url(), bootstrap, namespace, configuration);
        }
    }

    private void runOn(
            DatabaseUrl url,
            @Nullable Bootstrap<TraybConfiguration> bootstrap,
            Namespace namespace,
            TraybConfiguration configuration)
            throws Exception {
        new Migrations(url).createSchema();
        target.url = url;
        super.run(bootstrap, namespace, configuration);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable thrown) {
        StartFailure.tell(thrown, cli.getStdErr());
    }

    /** Which database the command in hand works on; a command runs once, on one thread. */
    private static final class Target implements io.dropwizard.db.DatabaseConfiguration<TraybConfiguration> {
        private @Nullable DatabaseUrl url;

        @Override
        public PooledDataSourceFactory getDataSourceFactory(TraybConfiguration configuration) {
            DatabaseUrl chosen = url;
            if (chosen == null) {
                throw new IllegalStateException("the database is chosen when the command runs");
            }
            return MigrationTarget.of(chosen);
        }
    }
}
