package io.trayb.bench.keys;

import com.codahale.metrics.MetricRegistry;
import io.trayb.database.Database;
import io.trayb.database.DatabaseConfiguration;
import io.trayb.database.Migrations;
import io.trayb.database.Transactions;
import io.trayb.embedded.DataDirectory;
import io.trayb.embedded.EmbeddedDatabase;
import io.trayb.keys.NewKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.Scope;
import io.trayb.keys.ring.KeyRing;
import io.trayb.keys.store.KeyStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A service's keys, read from a Postgres that is ended before anything is measured: who asks is told from memory alone. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH makes the keys before anybody uses them.
public class KeptKeys {
    private static final int KEYS = 1_000;

    /** Of a service for which no key was ever made. */
    KeyRing open;

    /** Of a service with a thousand of them. */
    KeyRing closed;

    /** The header of a request with one of these. */
    String header = "";

    private Path folder = Path.of("no", "such", "folder");

    @Setup(Level.Trial)
    public void make() throws Exception {
        folder = Files.createTempDirectory("trayb-bench-keys");
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(DataDirectory.at(folder))) {
            new Migrations(embedded.url()).apply();
            Database database =
                    new Database(embedded.url(), DatabaseConfiguration.DEFAULT.pool(), new MetricRegistry());
            database.start();
            try {
                KeyStore store = new KeyStore(new Transactions(database.jdbi(), () -> {}), new SecureRandom());
                open = ring(store);
                for (int i = 0; i < KEYS; i++) {
                    header = "Bearer "
                            + store.create(new NewKey(
                                            "key-" + i,
                                            EnumSet.allOf(Scope.class),
                                            QueuePattern.ALL,
                                            null,
                                            null,
                                            "bench"))
                                    .text()
                                    .reveal();
                }
                closed = ring(store);
            } finally {
                database.stop();
            }
        }
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static KeyRing ring(KeyStore store) {
        KeyRing ring = new KeyRing(store, true, InstantSource.system(), System::nanoTime);
        ring.refresh();
        return ring;
    }
}
