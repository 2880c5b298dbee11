package io.trayb.pgbouncer;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.PostgresLimits;
import io.trayb.database.Transactions;
import io.trayb.threads.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
    private final @Nullable DatabaseUrl pgbouncer;
    private final IntSupplier processes;
    private final Loop loop = new Loop("pool-sizes", this::check);

    /**
     * A check, not yet begun.
     *
     * @param pgbouncer its console; null where there is none to be asked
     * @param processes how many processes of the service use the database now; asks it
     */
    public SizeCheck(Database database, @Nullable DatabaseUrl pgbouncer, IntSupplier processes) {
        this.database = database;
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
            List<String> misfits = misfits();
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

    private List<String> misfits() throws IOException {
        PostgresLimits postgres = database.jdbi().withHandle(PostgresLimits::read);
        PoolSizes sizes = new PoolSizes(database.maxConnections(), Math.max(1, processes.getAsInt()));
        if (postgres.direct()) {
            return sizes.misfits(postgres);
        }
        if (pgbouncer == null) {
            LOGGER.info(
                    "the database is behind a pooler: set PGBOUNCER_URL to have its metrics, and its limits checked");
            return List.of();
        }
        try (Console console = Console.open(pgbouncer)) {
            return sizes.misfits(PgBouncerLimits.read(console, database.url().database()), postgres);
        }
    }
}
