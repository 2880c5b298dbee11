package io.trayb.testing;

import static org.awaitility.Awaitility.await;

import io.trayb.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/**
 * A real primary and its synchronous standby: what the one calls done, the other has on disk.
 *
 * <pre>
 *   clients ──▶ primary ──log──▶ standby
 *          ◀── done ──┘ ◀─ on disk ─┘
 * </pre>
 *
 * <p>The primary can be killed and the standby be promoted, as often as is wanted: the one that was killed comes back as the standby
 * of the other, on the same port. Not thread-safe.
 */
public final class TestPostgresPair implements AutoCloseable {
    /** By which the primary knows whom to wait for. */
    private static final String STANDBY = "standby";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OwnPostgres first;
    private final OwnPostgres second;
    private OwnPostgres primary;

    /** Starts both, migrated. */
    public TestPostgresPair(Path folder) throws Exception {
        first = new OwnPostgres(folder.resolve("first"));
        second = OwnPostgres.toFollow(folder.resolve("second"));
        primary = first;
        try {
            rejoin();
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    public OwnPostgres primary() {
        return primary;
    }

    public OwnPostgres standby() {
        return primary == first ? second : first;
    }

    /** The way to whichever is the primary: in the form that names both, always in the same order. */
    public DatabaseUrl url() {
        String user = first.url().user();
        return DatabaseUrl.parse("postgresql://" + user + "@" + first.url().hosts() + ","
                + second.url().hosts() + "/" + first.url().database());
    }

    /** Ends all processes of the primary at once. */
    public void killPrimary() throws Exception {
        primary.kill();
    }

    /** Makes the standby the primary, which waits for nobody until {@link #rejoin}. The other one must be gone. */
    public void promote() throws SQLException {
        OwnPostgres promoted = standby();
        promoted.execute("ALTER SYSTEM RESET synchronous_standby_names");
        promoted.execute("SELECT pg_promote(true, " + PATIENCE.toSeconds() + ")");
        promoted.execute("SELECT pg_reload_conf()");
        primary = promoted;
    }

    /** Brings back the one that isn't the primary as its standby, with a fresh copy, if it isn't there. */
    public void rejoin() throws Exception {
        if (standby().isRunning()) {
            return;
        }
        standby().follow(primary, STANDBY);
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = '" + STANDBY + "'");
        primary.execute("SELECT pg_reload_conf()");
        await().atMost(PATIENCE)
                .until(() -> primary.ask("SELECT sync_state FROM pg_stat_replication")
                        .equals("sync"));
    }

    @Override
    public void close() throws IOException {
        // The primary first: stopping, it waits until a standby that is there has all.
        primary.close();
        standby().close();
    }
}
