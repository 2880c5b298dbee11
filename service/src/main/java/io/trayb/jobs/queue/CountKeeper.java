package io.trayb.jobs.queue;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.Transactions;
import io.trayb.jobs.store.QueueCounts;
import io.trayb.threads.Loop;
import java.time.Duration;

/**
 * Keeps the queues' statistics cheap to read: sums up what has been counted.
 *
 * <p>Owns the thread {@code trayb-counts}, which looks every second; one node at a time does it. While it doesn't, statistics
 * take longer to read and stay right.
 */
public final class CountKeeper implements Managed {
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** So many rows are read in well under a millisecond: folding fewer isn't worth a write. */
    private static final int LEFT_ALONE = 500;

    private final Transactions transactions;
    private final Loop loop = new Loop("counts", this::fold);

    public CountKeeper(Transactions transactions) {
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

    private Duration fold() {
        return transactions.run(handle -> QueueCounts.fold(handle, LEFT_ALONE)) ? Duration.ZERO : EVERY;
    }
}
