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
    /** Making them anew may be in vain, as beside somebody's old transaction that keeps what is dead: then less and less often. */
    private static final Duration AFTER_RENEWAL = Duration.ofSeconds(5);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Transactions transactions;
    private final Loop loop = new Loop("statistics", this::look);
    private Duration pause = AFTER_RENEWAL;
    private boolean warned;

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

    /** Looks once; returns how long until the next look. By one thread at a time. */
    Duration look() {
        switch (transactions.read(TableStatistics::verdict)) {
            case FIT -> {
                pause = AFTER_RENEWAL;
                return EVERY;
            }
            case MISLEADING -> {
                LOGGER.debug("The statistics of the jobs' table are of an empty one, and are made anew");
                renew();
            }
            case MISLEADING_FOR_GOOD -> warn();
        }
        Duration now = pause;
        pause = now.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? now.multipliedBy(2) : LONGEST_PAUSE;
        return now;
    }

    private void renew() {
        // A read, as whether it was done in the end is of no importance to any job.
        transactions.read(handle -> {
            TableStatistics.renew(handle);
            return true;
        });
    }

    private void warn() {
        if (!warned) {
            warned = true;
            LOGGER.warn(
                    "Postgres plans the queue's statements by statistics of an empty table, until autovacuum comes once a minute:"
                            + " jobs are taken more slowly meanwhile. This service can't make them anew, since the role that"
                            + " DATABASE_URL names doesn't own the table trayb_jobs: make that role a member of the owner");
        }
    }
}
