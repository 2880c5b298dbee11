package io.trayb.pgbouncer;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.PostgresLimits;
import io.trayb.database.Transactions;
import io.trayb.threads.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the sizes of pools once, at start, and warns when they don't fit: as it is, the next process, or the next peak, would
 * be refused connections that its pool counts on.
 *
 * <p>Owns the thread {@code trayb-pool-sizes}, which tries every second until it has had every answer, and then ends.
 */
public final class SizeCheck implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(SizeCheck.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    /** Nothing is lost when it is cut short. */
    private static final Duration STOP = Duration.ofSeconds(1);

    private final Database database;
    private final String probeDatabase;
    private final @Nullable DatabaseUrl pgbouncer;
    private final IntSupplier processes;
    private final Loop loop = new Loop("pool-sizes", this::check);

    /**
     * A check, not yet begun.
     *
     * @param probeDatabase what the health probe calls our database
     * @param pgbouncer its console; null where there is none to be asked
     * @param processes how many processes of the service use the database now; asks it; 0 as long as that isn't known
     */
    public SizeCheck(Database database, String probeDatabase, @Nullable DatabaseUrl pgbouncer, IntSupplier processes) {
        this.database = database;
        this.probeDatabase = probeDatabase;
        this.pgbouncer = pgbouncer;
        this.processes = processes;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(STOP);
    }

    /** Whether it has had every answer. */
    boolean hasEnded() {
        return loop.hasEnded();
    }

    private Duration check() {
        try {
            int counted = processes.getAsInt();
            if (counted == 0) {
                return AGAIN;
            }
            List<String> misfits = misfits(counted);
            if (!misfits.isEmpty()) {
                LOGGER.warn("connections don't fit: {}. docs/scaling.md has the formula.", String.join("; ", misfits));
            }
            loop.endAfterRound();
        } catch (JdbiException e) {
            if (!Transactions.isOutOfReach(e)) {
                throw e;
            }
            // Others say so, and go on saying it; here it only takes longer.
            LOGGER.debug("the limits of Postgres can't be read yet", e);
        } catch (IOException e) {
            LOGGER.debug("the limits of PgBouncer can't be read yet", e);
        }
        return AGAIN;
    }

    private List<String> misfits(int counted) throws IOException {
        PostgresLimits postgres = database.jdbi().withHandle(PostgresLimits::read);
        PoolSizes sizes = new PoolSizes(database.maxConnections(), counted);
        if (postgres.direct()) {
            return sizes.misfits(postgres);
        }
        String ours = database.url().database();
        if (probeDatabase.equals(ours)) {
            LOGGER.warn(
                    "the health probe shares PgBouncer's pool for '{}', and a full one reads as a database that is gone: give it one"
                            + " of its own (PROBE_DATABASE; infra/pgbouncer/pgbouncer.ini has it)",
                    ours);
        }
        if (pgbouncer == null) {
            LOGGER.info(
                    "the database is behind a pooler: set PGBOUNCER_URL to have its metrics, and its limits checked");
            return List.of();
        }
        try (Console console = Console.open(pgbouncer)) {
            Optional<PgBouncerLimits> limits = PgBouncerLimits.read(console, ours);
            if (limits.isEmpty() || !limits.get().databases().contains(probeDatabase)) {
                askFor(ours, pgbouncer);
                askFor(probeDatabase, pgbouncer);
                limits = PgBouncerLimits.read(console, ours);
            }
            if (limits.isEmpty()) {
                return List.of(unknown(ours));
            }
            List<String> misfits = new ArrayList<>(sizes.misfits(limits.get(), postgres));
            if (!limits.get().databases().contains(probeDatabase)) {
                misfits.add("PgBouncer leads '" + probeDatabase + "' (PROBE_DATABASE) elsewhere than '" + ours
                        + "', so the health probe asks another Postgres: let both entries have the same host and port");
            }
            return misfits;
        }
    }

    /**
     * A database that PgBouncer has by its line {@code * =} is in no list before somebody has asked for it, and so nothing of that
     * line is; it is one for which our pool may have asked another of several PgBouncers.
     */
    private void askFor(String name, DatabaseUrl console) {
        DatabaseUrl url = database.url();
        DatabaseUrl there = new DatabaseUrl(
                console.hosts(), name, url.user(), url.password(), url.schema(), console.properties(), List.of());
        try {
            Console.open(there).close();
        } catch (IOException e) {
            // Then it isn't in the list the next time either, and that is told.
            LOGGER.debug("PgBouncer at {} doesn't let us into '{}'", console.hosts(), name, e);
        }
    }

    private String unknown(String ours) {
        return "the PgBouncer at " + Objects.requireNonNull(pgbouncer).hosts() + " has no database '" + ours
                + "': PGBOUNCER_URL must lead to the one that DATABASE_URL leads through; nothing could be checked";
    }
}
