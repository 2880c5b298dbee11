package io.trayb.safety;

import io.trayb.testing.OwnPostgres;
import io.trayb.testing.TestRedis;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Several nodes on one Postgres and one Redis, all of which can be broken. */
final class Cluster implements Closeable {
    private final OwnPostgres postgres;
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
        redis = TestRedis.own();
        for (int i = 1; i <= size; i++) {
            Node node = new Node("node-" + i, classes, directory, postgres, redis, ledger);
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
        postgres.close();
    }
}
