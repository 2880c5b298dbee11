package io.trayb.jobs.queue;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.Transactions;
import io.trayb.jobs.store.HistoryDays;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.time.LocalDate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the history has a place for each day, a week ahead.
 *
 * <p>Owns the thread {@code trayb-history}, which looks once an hour. A day that it couldn't add in time loses nothing: its jobs
 * go to the default partition and are moved when the day is added.
 */
public final class HistoryKeeper implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(HistoryKeeper.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int DAYS_AHEAD = 7;

    private final Transactions transactions;
    private final Loop loop = new Loop("history", this::look);

    public HistoryKeeper(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(STOP);
    }

    private Duration look() {
        LocalDate today = transactions.read(HistoryDays::today);
        // From yesterday on: a job that was submitted before midnight may finish after it.
        for (LocalDate day = today.minusDays(1); !day.isAfter(today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
            LocalDate added = day;
            if (transactions.run(handle -> HistoryDays.add(handle, added)) > 0) {
                LOGGER.debug("The history has a place for {}", added);
            }
        }
        return EVERY;
    }
}
