package io.trayb.jobs.queue;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.Transactions;
import io.trayb.jobs.RetentionConfiguration;
import io.trayb.jobs.store.HistoryDays;
import io.trayb.jobs.store.HistoryPart;
import io.trayb.jobs.store.HistoryRetention;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.time.LocalDate;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the history has a place for each day, a week ahead, and lets go of what has been kept for long enough.
 *
 * <p>Owns the thread {@code trayb-history}, which looks once an hour, and again after a minute when something failed. A day that
 * it couldn't add in time loses nothing: its jobs go to the default partition and are moved when the day is added. Each day is a
 * transaction of its own, and one that fails doesn't keep the others: on a full disk it is the next one that makes room.
 */
public final class HistoryKeeper implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(HistoryKeeper.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int DAYS_AHEAD = 7;
    /** A statement of this many rows takes some 10 ms. */
    private static final int PRUNED_AT_ONCE = 1_000;

    private final Transactions transactions;
    private final RetentionConfiguration retention;
    private final Loop loop = new Loop("history", this::look);
    private boolean failed;

    public HistoryKeeper(Transactions transactions, RetentionConfiguration retention) {
        this.transactions = transactions;
        this.retention = retention;
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
        failed = false;
        LocalDate today = transactions.read(HistoryDays::today);
        // From yesterday on: a job that was submitted before midnight may finish after it.
        for (LocalDate day = today.minusDays(1); !day.isAfter(today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
            LocalDate added = day;
            for (HistoryPart part : HistoryPart.values()) {
                attempt("adding " + part + " of " + day, () -> add(part, added));
            }
        }
        for (HistoryPart part : HistoryPart.values()) {
            Duration kept = kept(part);
            for (LocalDate day : transactions.read(handle -> HistoryRetention.expired(handle, part, kept))) {
                attempt("letting go of " + part + " of " + day, () -> drop(part, day, kept));
            }
            attempt("pruning " + part, () -> pruneRest(part, kept));
        }
        return failed ? AFTER_FAILURE : EVERY;
    }

    private void add(HistoryPart part, LocalDate day) {
        if (transactions.run(handle -> HistoryDays.add(handle, part, day))) {
            LOGGER.debug("The history has a place for {} jobs of {}", part, day);
        }
    }

    private void drop(HistoryPart part, LocalDate day, Duration kept) {
        switch (transactions.run(handle -> HistoryRetention.drop(handle, part, day, kept))) {
            case DROPPED -> LOGGER.info("The history has let go of the {} jobs of {}", part, day);
            case HELD_UP -> {
                int pruned = 0;
                for (int some = PRUNED_AT_ONCE; some == PRUNED_AT_ONCE && loop.isAlive(); pruned += some) {
                    some = transactions.statement(
                            handle -> HistoryRetention.pruneDay(handle, part, day, kept, PRUNED_AT_ONCE));
                }
                LOGGER.info(
                        "{} {} jobs of {} were pruned; the day stays for a while, since many of its jobs finished late",
                        pruned,
                        part,
                        day);
            }
            case LEFT_TO_OTHERS -> LOGGER.debug("Another node lets go of {}", day);
        }
    }

    private void pruneRest(HistoryPart part, Duration kept) {
        for (int some = PRUNED_AT_ONCE; some == PRUNED_AT_ONCE && loop.isAlive(); ) {
            some = transactions.statement(handle -> HistoryRetention.pruneRest(handle, part, kept, PRUNED_AT_ONCE));
        }
    }

    private void attempt(String what, Runnable step) {
        if (!loop.isAlive()) {
            return;
        }
        try {
            step.run();
        } catch (ConnectionException e) {
            // There is no database to go on with.
            throw e;
        } catch (JdbiException e) {
            // The step is a transaction of its own: nothing of it was done, and the others don't depend on it.
            failed = true;
            LOGGER.warn("{} failed and is tried again in {} s: {}", what, AFTER_FAILURE.toSeconds(), e.getMessage());
        }
    }

    private Duration kept(HistoryPart part) {
        return switch (part) {
            case COMPLETED -> retention.completed().toJavaDuration();
            case FAILED -> retention.failed().toJavaDuration();
        };
    }
}
