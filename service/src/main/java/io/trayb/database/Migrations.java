package io.trayb.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryEnum;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.postgresql.PGProperty;

/**
 * Brings a database's tables to this version. Thread-safe; concurrent callers, also in other processes, wait for one another.
 *
 * <p>Runs over a connection of its own straight to Postgres, since migrations need what PgBouncer's transaction mode doesn't
 * give. Change sets name their tables without a schema; the connection's {@code currentSchema} says where they go.
 */
public final class Migrations {
    /** The change log of the product, on the class path. */
    public static final String CHANGE_LOG = "migrations.xml";

    private static final String FOLDER = "migrations/";
    /** Of the advisory lock that migrating processes wait for one another on; an arbitrary number that is only ours. */
    private static final long LOCK = 0x74726179_62646221L;
    /** What it says of the {@code currentSchema} that our connection wants from its start. */
    private static final String REFUSED_BY_PGBOUNCER = "unsupported startup parameter";

    private final DatabaseUrl url;
    private final String changeLog;
    private final SchemaCheck check;

    public Migrations(DatabaseUrl url) {
        this(url, CHANGE_LOG, FOLDER);
    }

    Migrations(DatabaseUrl url, String changeLog, String folder) {
        this.url = url;
        this.changeLog = changeLog;
        this.check = new SchemaCheck(url.schema(), ChangeSets.in(folder));
    }

    /**
     * Applies what hasn't been applied, and creates the schema if there is none.
     *
     * @return the change sets that were applied, {@code author:id}, in order; empty when the database was up to date
     * @throws SQLException when Postgres can't be reached or refuses
     * @throws LiquibaseException when a change set fails; those before it stay applied
     */
    public List<String> apply() throws SQLException, LiquibaseException {
        try (Connection connection = open()) {
            lock(connection);
            createSchema(connection);
            List<String> pending = check.pending(connection);
            quietly(() -> liquibase(connection).update(new Contexts(), new LabelExpression()));
            return pending;
        }
    }

    /**
     * The change sets that {@link #apply()} would apply, {@code author:id}, in order. Writes nothing, and takes no time to speak
     * of.
     *
     * @throws SQLException when Postgres can't be reached
     */
    public List<String> pending() throws SQLException {
        try (Connection connection = open()) {
            return check.pending(connection);
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
     * Liquibase's own lock is a row in a table, which two processes that find an empty database both try to make; and it stays
     * behind when its holder is killed. This one ends with the connection.
     */
    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
            statement.setLong(1, LOCK);
            statement.execute();
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
        try {
            return DriverManager.getConnection(url.jdbcUrl(), properties);
        } catch (SQLException e) {
            if (String.valueOf(e.getMessage()).contains(REFUSED_BY_PGBOUNCER)) {
                throw new SQLException(
                        "migrations need a session to themselves, and PgBouncer is in between (" + e.getMessage()
                                + "): set DIRECT_DATABASE_URL to the way past it",
                        e.getSQLState(),
                        e);
            }
            throw e;
        }
    }

    /** Asks first, since CREATE SCHEMA IF NOT EXISTS needs the right to create one even where nothing is missing. */
    private void createSchema(Connection connection) throws SQLException {
        try (PreparedStatement exists = connection.prepareStatement("SELECT 1 FROM pg_namespace WHERE nspname = ?")) {
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
        liquibase.setShowSummary(UpdateSummaryEnum.OFF);
        return liquibase;
    }

    /** What Liquibase would print to the console goes to its log, for this thread and this call. */
    private static void quietly(Scope.ScopedRunner<?> work) throws SQLException, LiquibaseException {
        try {
            Scope.child(Map.of(Scope.Attr.ui.name(), new LoggerUIService()), work);
        } catch (SQLException | LiquibaseException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LiquibaseException(e);
        }
    }
}
