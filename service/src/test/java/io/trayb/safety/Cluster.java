package io.trayb.safety;

import io.trayb.database.DatabaseUrl;
import io.trayb.testing.OwnPostgres;
import io.trayb.testing.TestPgBouncer;
import io.trayb.testing.TestRedis;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several nodes on one Postgres and one Redis, all of which can be broken. */
final class Cluster implements Closeable {
    private final OwnPostgres postgres;
    private final @Nullable TestPgBouncer pgbouncer;
    private final TestRedis redis;
    private final List<Node> nodes = new ArrayList<>();

    /**
     * Starts the engines, and the nodes without waiting for them.
     *
     * @param classes what goes before the service's own classes
     * @param directory where the nodes keep their files and logs
     * @param engines where Postgres keeps its files
     */
    Cluster(int size, List<Path> classes, Path directory, Path engines, Ledger ledger) throws Exception {
        postgres = new OwnPostgres(engines.resolve("postgres"));
        pgbouncer = TestPgBouncer.isBeforeAll() ? TestPgBouncer.before(postgres.url()) : null;
        DatabaseUrl database = pgbouncer == null ? postgres.url() : pgbouncer.through(postgres.url());
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

    OwnPostgres postgres() {
        return postgres;
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
        return DriverManager.getConnection(postgres.url().jdbcUrl(), "postgres", "");
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
        postgres.close();
    }
}
