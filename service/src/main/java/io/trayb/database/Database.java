package io.trayb.database;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.lifecycle.Managed;
import io.dropwizard.util.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.apache.tomcat.jdbc.pool.ConnectionPool;
import org.apache.tomcat.jdbc.pool.DataSourceProxy;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.postgresql.PGProperty;

/**
 * The pool of connections to Postgres and the jdbi on top of it. Thread-safe.
 *
 * <p>No connection is opened before the first statement, so that a service starts while Postgres is away. Everything here
 * works through PgBouncer's transaction mode: no start-up options, no {@code search_path}, and named statements only where there is
 * no PgBouncer ({@link ConnectionCheck}).
 */
public final class Database implements Managed {
    private static final String NAME = "postgres";

    private final DatabaseUrl url;
    private final int maxConnections;
    private final ManagedDataSource dataSource;
    private final Jdbi jdbi;

    /**
     * A pool that is empty until it is used.
     *
     * @param metrics where the pool's gauges are registered when it is started
     */
    public Database(DatabaseUrl url, PoolConfiguration pool, MetricRegistry metrics) {
        this.url = url;
        this.maxConnections = pool.maxSize();
        this.dataSource = pooled(url, pool).build(metrics, NAME);
        this.jdbi = Jdbi.create(dataSource);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(new SchemaQualifier(url.schema()));
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementMessage::of);
        jdbi.setSqlLogger(new StatementVerdicts());
        jdbi.setTransactionHandler(new ConfirmedTransactions());
    }

    /** Where statements are run. Tables are named bare in them, see {@link SchemaQualifier}. */
    public Jdbi jdbi() {
        return jdbi;
    }

    public DatabaseUrl url() {
        return url;
    }

    /** Connections that are in use now; 0 before the first. */
    public int activeConnections() {
        return ofPool(ConnectionPool::getActive);
    }

    /** Connections that are open and wait for work. */
    public int idleConnections() {
        return ofPool(ConnectionPool::getIdle);
    }

    /** Threads that wait for a connection. */
    public int waitingForConnection() {
        return ofPool(ConnectionPool::getWaitCount);
    }

    /** Connections at most. */
    public int maxConnections() {
        return maxConnections;
    }

    /** Asks the pool, and doesn't make it: that would connect. */
    private int ofPool(ToIntFunction<ConnectionPool> number) {
        ConnectionPool pool = dataSource instanceof DataSourceProxy proxy ? proxy.getPool() : null;
        return pool == null ? 0 : number.applyAsInt(pool);
    }

    @Override
    public void start() throws Exception {
        dataSource.start();
    }

    @Override
    public void stop() throws Exception {
        dataSource.stop();
    }

    private static DataSourceFactory pooled(DatabaseUrl url, PoolConfiguration pool) {
        DataSourceFactory factory = signIn(url, pool.connectTimeout());
        factory.getProperties()
                .putIfAbsent(
                        PGProperty.SOCKET_TIMEOUT.getName(),
                        Long.toString(pool.socketTimeout().toSeconds()));
        // PgBouncer before 1.21 can't follow named statements from one server connection to the next. Where there is
        // none,
        // the check of a new connection sets it.
        factory.getProperties().put(PGProperty.PREPARE_THRESHOLD.getName(), "0");
        factory.getProperties().put(PGProperty.REWRITE_BATCHED_INSERTS.getName(), "true");
        factory.setInitialSize(0);
        factory.setMinSize(pool.minSize());
        factory.setMaxSize(pool.maxSize());
        factory.setMaxWaitForConnection(pool.borrowTimeout());
        factory.setValidatorClassName(Optional.of(ConnectionCheck.class.getName()));
        factory.setValidationInterval(Duration.seconds(2));
        factory.setCheckConnectionOnBorrow(true);
        factory.setCheckConnectionOnConnect(true);
        factory.setRollbackOnReturn(true);
        // PgBouncer balances new connections only; an hour lets a moved server be found without anybody's help.
        factory.setMaxConnectionAge(Duration.hours(1));
        return factory;
    }

    /** A data source without a pool's refinements: where the database is, who signs in, and no waiting for ever. */
    static DataSourceFactory signIn(DatabaseUrl url, Duration connectTimeout) {
        Map<String, String> properties = new LinkedHashMap<>(url.properties());
        properties.putIfAbsent(PGProperty.CONNECT_TIMEOUT.getName(), Long.toString(connectTimeout.toSeconds()));
        properties.putIfAbsent(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        properties.putIfAbsent(PGProperty.APPLICATION_NAME.getName(), "trayb");
        DataSourceFactory factory = new DataSourceFactory();
        // Postgres repeats whole rows in the detail of an error, payloads included, and the driver a batch's
        // parameters; both
        // would end up in the exception's message, and so in logs.
        properties.putIfAbsent(PGProperty.LOG_SERVER_ERROR_DETAIL.getName(), "false");
        factory.setDriverClass("org.postgresql.Driver");
        factory.setUrl(url.jdbcUrl());
        factory.setUser(url.user());
        factory.setPassword(url.password());
        factory.setProperties(properties);
        factory.setAutoCommentsEnabled(false);
        return factory;
    }
}
