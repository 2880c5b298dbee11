package io.trayb.jobs.queue;

import io.dropwizard.lifecycle.Managed;
import io.trayb.database.Transactions;
import io.trayb.jobs.QueueState;
import io.trayb.jobs.store.KnownTypes;
import io.trayb.jobs.store.TableHealth;
import io.trayb.metrics.QueueDepth;
import io.trayb.metrics.QueueRecorder;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads how full the queues are, what waits for nobody, and how the table is, for the metrics.
 *
 * <p>Owns the thread {@code trayb-queue-gauges}, woken every {@code jobs.metricsPoll}. While the database is away the gauges
 * keep their last values: the dependency's own gauge says that it is.
 */
public final class QueueGauges implements Managed {
    private static final Duration STOP = Duration.ofSeconds(2);

    private final JobQueue queue;
    private final Transactions transactions;
    private final QueueRecorder queues;
    private final Duration every;
    private final Loop loop = new Loop("queue-gauges", this::read);

    public QueueGauges(JobQueue queue, Transactions transactions, QueueRecorder queues, Duration every) {
        this.queue = queue;
        this.transactions = transactions;
        this.queues = queues;
        this.every = every;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(STOP);
    }

    private Duration read() {
        queues.saw(queue.queues().stream().map(QueueGauges::depth).toList());
        Map<List<String>, Double> unknown = new HashMap<>();
        for (KnownTypes.Unknown type : transactions.read(KnownTypes::unknown)) {
            unknown.put(List.of(type.queue(), type.type()), (double) type.waiting());
        }
        queues.sawUnknownTypes(unknown);
        TableHealth health = transactions.read(TableHealth::read);
        queues.sawTable(health.deadRows(), health.oldestTransaction());
        return every;
    }

    private static QueueDepth depth(QueueState state) {
        Long oldest = state.oldestWaitingMs();
        return new QueueDepth(
                state.name(),
                state.waiting(),
                state.delayed(),
                state.active(),
                state.failed(),
                Duration.ofMillis(oldest == null ? 0 : oldest));
    }
}
