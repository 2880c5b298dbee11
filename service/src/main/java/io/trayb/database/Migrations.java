package io.trayb.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.changelog.ChangeSet;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.postgresql.PGProperty;

/**
 * Brings a database's tables to this version. Thread-safe; concurrent callers, also in other processes, wait for one another
 * on Liquibase's own lock table.
 *
 * <p>Runs over a connection of its own straight to Postgres, since migrations need what PgBouncer's transaction mode doesn't
 * give. Change sets name their tables without a schema; the connection's {@code currentSchema} says where they go.
 */
public final class Migrations {
    /** The change log of the product, on the class path. */
    public static final String CHANGE_LOG = "migrations.xml";

    private final DatabaseUrl url;
    private final String changeLog;

    public Migrations(DatabaseUrl url) {
        this(url, CHANGE_LOG);
    }

    Migrations(DatabaseUrl url, String changeLog) {
        this.url = url;
        this.changeLog = changeLog;
    }

    /**
     * Applies what hasn't been applied, and creates the schema if there is none.
     *
     * @return the ids of the change sets that were applied, in order; empty when the database was up to date
     * @throws SQLException when Postgres can't be reached or refuses
     * @throws LiquibaseException when a change set fails; those before it stay applied
     */
    public List<String> apply() throws SQLException, LiquibaseException {
        try (Connection connection = open()) {
            createSchema(connection);
            return quietly(() -> {
                Liquibase liquibase = liquibase(connection);
                List<String> pending = ids(liquibase);
                liquibase.update(new Contexts(), new LabelExpression());
                return pending;
            });
        }
    }

    /**
     * The change sets that {@link #apply()} would apply, in order. Writes nothing.
     *
     * @throws SQLException when Postgres can't be reached
     * @throws LiquibaseException when the change log can't be read
     */
    public List<String> pending() throws SQLException, LiquibaseException {
        try (Connection connection = open()) {
            return quietly(() -> ids(liquibase(connection)));
        }
    }

    /**
     * Creates the schema if it isn't there; {@link #apply()} does so by itself.
     *
     * @throws SQLException when Postgres can't be reached or refuses
     */
    public void createSchema() throws SQLException {
        try (Connection connection = open()) {
            createSchema(connection);
        }
    }

    /**
     * Whether {@link #apply()} would do nothing, asked without setting up Liquibase.
     *
     * @throws SQLException when Postgres can't be reached
     */
    public boolean isUpToDate() throws SQLException {
        try (Connection connection = open()) {
            return new SchemaCheck(url.schema()).pending(connection).isEmpty();
        }
    }

    private Connection open() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(url.properties());
        properties.putIfAbsent(PGProperty.CONNECT_TIMEOUT.getName(), "5");
        properties.putIfAbsent(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        properties.put(PGProperty.CURRENT_SCHEMA.getName(), url.schema());
        properties.put(PGProperty.APPLICATION_NAME.getName(), "trayb-migrations");
        String user = url.user();
        if (user != null) {
            properties.put(PGProperty.USER.getName(), user);
        }
        String password = url.password();
        if (password != null) {
            properties.put(PGProperty.PASSWORD.getName(), password);
        }
        return DriverManager.getConnection(url.jdbcUrl(), properties);
    }

    /** Asks first, since CREATE SCHEMA IF NOT EXISTS needs the right to create one even where nothing is missing. */
    private void createSchema(Connection connection) throws SQLException {
        try (var exists = connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
            exists.setString(1, url.schema());
            if (exists.executeQuery().next()) {
                return;
            }
        }
        try (Statement statement = connection.createStatement()) {
            // A schema's name can't be a parameter; DatabaseUrl allows nothing in it that quotes don't hold.
            statement.execute("CREATE SCHEMA IF NOT EXISTS \"" + url.schema() + '"');
        }
    }

    private Liquibase liquibase(Connection connection) throws LiquibaseException {
        Liquibase liquibase =
                new Liquibase(changeLog, new ClassLoaderResourceAccessor(), new JdbcConnection(connection));
        liquibase.getDatabase().setDefaultSchemaName(url.schema());
        return liquibase;
    }

    private static List<String> ids(Liquibase liquibase) throws LiquibaseException {
        return liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression()).stream()
                .map(ChangeSet::getId)
                .toList();
    }

    /** What Liquibase would print to the console goes to its log, for this thread and this call. */
    private static List<String> quietly(Scope.ScopedRunnerWithReturn<List<String>> work)
            throws SQLException, LiquibaseException {
        try {
            return Scope.child(Map.of(Scope.Attr.ui.name(), new LoggerUIService()), work);
        } catch (SQLException | LiquibaseException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LiquibaseException(e);
        }
    }
}
