package io.trayb.jobs.worker;

import io.trayb.database.Transactions;
import io.trayb.jobs.Finish;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes in batches.
 *
 * <p>Owns the thread {@code trayb-outcomes}, woken by each outcome; while one batch is being committed, and a little longer
 * under load, the next one gathers, so that batches are as large as the load makes them and a lone outcome waits for nobody. What waits is bounded by what the worker
 * holds. While the database is away the batch is kept and tried every second: an outcome is given up only when its lease is.
 */
final class OutcomeWriter {
    private record Pending(Execution execution, Finish finish) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(OutcomeWriter.class);
    /** A statement of this many rows takes some 10 ms; larger ones gain nothing. */
    private static final int MAX_BATCH = 500;

    private static final Duration UNTIL_WOKEN = Duration.ofDays(1);

    /** From one batch to the next, while there is more than one outcome in each. */
    private static final Duration GATHER = Duration.ofMillis(5);

    private final JobLeases leases;
    private final ConcurrentLinkedQueue<Pending> pending = new ConcurrentLinkedQueue<>();
    private final Loop loop = new Loop("outcomes", this::writeAll);

    private int lastWritten;
    private long wroteAt = System.nanoTime();

    OutcomeWriter(JobLeases leases) {
        this.leases = leases;
    }

    void start() {
        loop.start();
    }

    /** Whether outcomes are being written. */
    boolean isAlive() {
        return loop.isAlive();
    }

    /** Takes an outcome; calls {@link Execution#written()} once it is on disk or refused. */
    void write(Execution execution, Finish finish) {
        pending.add(new Pending(execution, finish));
        loop.wake();
    }

    /** Writes what is left, as long as that takes no longer than {@code atMost}. */
    void stop(Duration atMost) throws InterruptedException {
        loop.stop(atMost);
        if (loop.hasEnded()) {
            writeOnceMore();
        }
        if (!pending.isEmpty()) {
            LOGGER.warn(
                    "{} outcomes could not be written; their jobs run again when the lease is over", pending.size());
        }
    }

    /** The thread may have ended in its pause after a failure that is over by now. */
    private void writeOnceMore() throws InterruptedException {
        try {
            writeAll();
        } catch (JdbiException e) {
            LOGGER.debug("The last outcomes can't be written", e);
        }
    }

    private Duration writeAll() throws InterruptedException {
        for (List<Pending> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
            lastWritten = batch.size();
            try {
                leases.finish(batch.stream().map(Pending::finish).toList());
            } catch (JdbiException e) {
                if (!Transactions.isBadRow(e)) {
                    throw e;
                }
                writeEach(batch);
            }
            for (Pending written : batch) {
                pending.poll();
                written.execution().written();
            }
            wroteAt = System.nanoTime();
            letSomeGather();
        }
        return UNTIL_WOKEN;
    }

    /** When outcomes come one after the other, a commit for each would cost more than they do. A lone one doesn't wait. */
    private void letSomeGather() throws InterruptedException {
        long since = System.nanoTime() - wroteAt;
        if (lastWritten > 1 && lastWritten < MAX_BATCH && since < GATHER.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(GATHER.toNanos() - since);
        }
    }

    /** The head of the queue, which keeps it until it is written. */
    private List<Pending> nextBatch() {
        List<Pending> batch = new ArrayList<>();
        for (Pending next : pending) {
            batch.add(next);
            if (batch.size() == MAX_BATCH) {
                break;
            }
        }
        return batch;
    }

    /** One bad row must not hold up the others: each is written alone, and the bad one fails with what Postgres says of it. */
    private void writeEach(List<Pending> batch) {
        for (Pending each : batch) {
            try {
                leases.finish(List.of(each.finish()));
            } catch (JdbiException e) {
                if (!Transactions.isBadRow(e)) {
                    throw e;
                }
                LOGGER.warn(
                        "The outcome of job {} can't be stored",
                        each.finish().lease().job().id(),
                        e);
                leases.finish(List.of(new Finish(
                        each.finish().lease(),
                        new Outcome.FailedForGood("the outcome can't be stored"),
                        each.finish().progress())));
            }
        }
    }
}
