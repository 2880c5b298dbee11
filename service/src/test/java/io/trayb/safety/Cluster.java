package io.trayb.safety;

import io.trayb.database.DatabaseUrl;
import io.trayb.testing.OwnPostgres;
import io.trayb.testing.TestPgBouncer;
import io.trayb.testing.TestPostgresPair;
import io.trayb.testing.TestRedis;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Several nodes on one Postgres and one Redis, all of which can be broken. */
final class Cluster implements Closeable {
    /** Null in a run without a standby. */
    private final @Nullable TestPostgresPair pair;
    /** The only one in such a run. */
    private final @Nullable OwnPostgres alone;

    private final @Nullable TestPgBouncer pgbouncer;
    private final TestRedis redis;
    private final List<Node> nodes = new ArrayList<>();

    /**
     * Starts the engines, and the nodes without waiting for them.
     *
     * @param classes what goes before the service's own classes
     * @param directory where the nodes keep their files and logs
     * @param engines where Postgres keeps its files
     * @param paired whether Postgres has a synchronous standby
     */
    Cluster(int size, List<Path> classes, Path directory, Path engines, boolean paired, Ledger ledger)
            throws Exception {
        pair = paired ? new TestPostgresPair(engines) : null;
        alone = paired ? null : new OwnPostgres(engines.resolve("postgres"));
        DatabaseUrl primary = postgres().url();
        pgbouncer = TestPgBouncer.isBeforeAll() ? TestPgBouncer.before(primary) : null;
        DatabaseUrl database = pgbouncer == null ? primary : pgbouncer.through(primary);
        redis = TestRedis.own();
        for (int i = 1; i <= size; i++) {
            Node node = new Node("node-" + i, classes, directory, database, redis, ledger);
            nodes.add(node);
            node.start();
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The primary of the moment. */
    OwnPostgres postgres() {
        return pair == null ? Objects.requireNonNull(alone) : pair.primary();
    }

    /** Null in a run without a standby. */
    @Nullable
    TestPostgresPair pair() {
        return pair;
    }

    /** Has every node reach the primary of the moment, as an address that moves with it does. */
    void leadToPrimary() throws IOException {
        if (pgbouncer != null) {
            pgbouncer.leadTo(postgres().url());
            return;
        }
        for (Node node : nodes) {
            node.leadTo(postgres().url());
        }
    }

    /** Leads past the relays to whichever is the primary. */
    String jdbcUrl() {
        return pair == null ? postgres().url().jdbcUrl() : pair.url().jdbcUrl() + "?targetServerType=primary";
    }

    /** Between the nodes and Postgres; null unless this run has it before all. */
    @Nullable
    TestPgBouncer pgbouncer() {
        return pgbouncer;
    }

    TestRedis redis() {
        return redis;
    }

    /** Past the relays. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), "postgres", "");
    }

    @Override
    public void close() throws IOException {
        for (Node node : nodes) {
            node.close();
        }
        redis.close();
        if (pgbouncer != null) {
            pgbouncer.close();
        }
        if (pair != null) {
            pair.close();
        } else {
            postgres().close();
        }
    }
}
