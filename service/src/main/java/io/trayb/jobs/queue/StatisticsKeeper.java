package io.trayb.jobs.queue;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.Transactions;
import io.trayb.jobs.store.TableStatistics;
import io.trayb.threads.Loop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Postgres from planning the queue's statements by statistics of an empty table (see decision 0020). Autovacuum looks at it
 * once a minute; when it looks as a burst has just ended, the next burst would be worked off ten times more slowly for a minute.
 *
 * <p>Owns the thread {@code trayb-statistics}, which looks every second.
 */
public final class StatisticsKeeper implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(StatisticsKeeper.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** Making them anew may be in vain, beside somebody's old transaction that keeps what is dead. */
    private static final Duration AFTER_RENEWAL = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final Loop loop = new Loop("statistics", this::look);

    public StatisticsKeeper(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(EVERY);
    }

    /** Looks once; returns how long until the next look. */
    Duration look() {
        if (!transactions.read(TableStatistics::areMisleading)) {
            return EVERY;
        }
        LOGGER.debug("The statistics of the jobs' table are of an empty one, and are made anew");
        transactions.statement(handle -> {
            TableStatistics.renew(handle);
            return true;
        });
        return AFTER_RENEWAL;
    }
}
