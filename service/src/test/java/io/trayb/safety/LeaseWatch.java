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
 * between two looks.
 */
final class LeaseWatch implements Closeable {
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration STOP = Duration.ofSeconds(10);

    private record Seen(String worker, long at) {}

    private final String jdbcUrl;
    private final Ledger ledger;
    private final long began = Micros.now();
    private final Map<Long, Seen> seen = new HashMap<>();
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
        Set<Long> gone = new HashSet<>(seen.keySet());
        gone.removeAll(there.keySet());
        for (long id : gone) {
            Seen last = seen.remove(id);
            ledger.gaveUp(new LeaseEnd(last.worker(), last.at(), after));
        }
        there.forEach((id, worker) -> seen.put(id, new Seen(worker, before)));
        return EVERY;
    }
}
