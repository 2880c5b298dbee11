package io.trayb.safety;

import io.trayb.threads.Loop;
import java.io.Closeable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sees which process leases are over: the row of the process is gone.
 *
 * <p>Owns a thread that looks ten times a second. While the database is away it sees nothing, and says only that a lease ended
 * between two looks. A process whose registration was committed without its hearing so registers anew: what it began under the
 * younger row isn't touched by the end of the older one.
 */
final class LeaseWatch implements Closeable {
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration STOP = Duration.ofSeconds(10);

    private record Seen(String worker, long at) {}

    /** The youngest row of a worker, and the last look in which it wasn't there. */
    private record Youngest(long id, long absentAt) {}

    private final String jdbcUrl;
    private final Ledger ledger;
    private final long began = Micros.now();
    private final Map<Long, Seen> seen = new HashMap<>();
    private final Map<String, Youngest> youngest = new HashMap<>();
    private long lastLook = began;
    private final Loop loop = new Loop("lease-watch", this::look);

    LeaseWatch(String jdbcUrl, Ledger ledger) {
        this.jdbcUrl = jdbcUrl;
        this.ledger = ledger;
        loop.start();
    }

    /** Since when, in microseconds. */
    long began() {
        return began;
    }

    @Override
    public void close() {
        try {
            loop.stop(STOP);
        } catch (InterruptedException e) {
            // It was asked to end; whoever interrupted us isn't kept waiting.
            Thread.currentThread().interrupt();
        }
    }

    private Duration look() {
        long before = Micros.now();
        Map<Long, String> there = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, name FROM trayb_processes")) {
            while (row.next()) {
                String name = row.getString(2);
                there.put(row.getLong(1), name.substring(name.lastIndexOf(':') + 1));
            }
        } catch (SQLException e) {
            // Away, as the nemesis wants it; the next look comes soon.
            return EVERY;
        }
        long after = Micros.now();
        there.forEach((id, worker) -> youngest.merge(
                worker, new Youngest(id, lastLook), (known, now) -> now.id() > known.id() ? now : known));
        Set<Long> gone = new HashSet<>(seen.keySet());
        gone.removeAll(there.keySet());
        for (long id : gone) {
            Seen last = seen.remove(id);
            Youngest younger = youngest.getOrDefault(last.worker(), new Youngest(id, last.at()));
            long notBefore = younger.id() > id ? Math.min(last.at(), younger.absentAt()) : last.at();
            ledger.gaveUp(new LeaseEnd(last.worker(), notBefore, after));
        }
        there.forEach((id, worker) -> seen.put(id, new Seen(worker, before)));
        lastLook = before;
        return EVERY;
    }
}
