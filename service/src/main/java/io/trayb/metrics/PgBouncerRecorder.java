package io.trayb.metrics;

import io.trayb.monitoring.catalog.PgBouncerMetrics;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Exports how PgBouncer's pools are used, as its console tells; nothing where there is no PgBouncer to ask. Thread-safe.
 */
public final class PgBouncerRecorder {
    private final GaugeHandle lastSuccess;
    private final GaugeHandle activeClients;
    private final GaugeHandle waitingClients;
    private final GaugeHandle longestWait;
    private final GaugeHandle activeServers;
    private final GaugeHandle idleServers;
    private final GaugeHandle connectingServers;
    private final GaugeHandle transactions;
    private final GaugeHandle transactionTime;
    private final GaugeHandle waitTime;

    PgBouncerRecorder(Collectors collectors) {
        lastSuccess = collectors.gauge(PgBouncerMetrics.LAST_SUCCESS);
        activeClients = collectors.gauge(PgBouncerMetrics.ACTIVE_CLIENTS);
        waitingClients = collectors.gauge(PgBouncerMetrics.WAITING_CLIENTS);
        longestWait = collectors.gauge(PgBouncerMetrics.LONGEST_WAIT);
        activeServers = collectors.gauge(PgBouncerMetrics.ACTIVE_SERVERS);
        idleServers = collectors.gauge(PgBouncerMetrics.IDLE_SERVERS);
        connectingServers = collectors.gauge(PgBouncerMetrics.CONNECTING_SERVERS);
        transactions = collectors.gauge(PgBouncerMetrics.TRANSACTIONS);
        transactionTime = collectors.gauge(PgBouncerMetrics.TRANSACTION_TIME);
        waitTime = collectors.gauge(PgBouncerMetrics.WAIT_TIME);
    }

    /** A PgBouncer will be asked; its silence counts from now. */
    public void watches(String pgbouncer, Instant from) {
        lastSuccess.set(Seconds.sinceEpoch(from), pgbouncer);
    }

    /** Its pools as they are now; a pool that isn't among them is exported no more. */
    public void saw(
            String pgbouncer, Collection<PgBouncerPool> pools, Collection<PgBouncerTraffic> traffic, Instant at) {
        show(pgbouncer, pools, traffic);
        lastSuccess.set(Seconds.sinceEpoch(at), pgbouncer);
    }

    /** It can't be asked: what its pools were is exported no more. */
    public void lost() {
        show("", List.of(), List.of());
    }

    private void show(String pgbouncer, Collection<PgBouncerPool> pools, Collection<PgBouncerTraffic> traffic) {
        activeClients.replaceAll(byPool(pgbouncer, pools, PgBouncerPool::activeClients));
        waitingClients.replaceAll(byPool(pgbouncer, pools, PgBouncerPool::waitingClients));
        longestWait.replaceAll(byPool(pgbouncer, pools, pool -> Seconds.of(pool.longestWait())));
        activeServers.replaceAll(byPool(pgbouncer, pools, PgBouncerPool::activeServers));
        idleServers.replaceAll(byPool(pgbouncer, pools, PgBouncerPool::idleServers));
        connectingServers.replaceAll(byPool(pgbouncer, pools, PgBouncerPool::connectingServers));
        transactions.replaceAll(byDatabase(pgbouncer, traffic, PgBouncerTraffic::transactionsPerSecond));
        transactionTime.replaceAll(byDatabase(pgbouncer, traffic, each -> Seconds.of(each.transactionTime())));
        waitTime.replaceAll(byDatabase(pgbouncer, traffic, each -> Seconds.of(each.waitTime())));
    }

    private static Map<List<String>, Double> byPool(
            String pgbouncer, Collection<PgBouncerPool> pools, ToDoubleFunction<PgBouncerPool> number) {
        Map<List<String>, Double> values = new HashMap<>();
        pools.forEach(pool -> values.put(List.of(pgbouncer, pool.database(), pool.user()), number.applyAsDouble(pool)));
        return values;
    }

    private static Map<List<String>, Double> byDatabase(
            String pgbouncer, Collection<PgBouncerTraffic> traffic, ToDoubleFunction<PgBouncerTraffic> number) {
        Map<List<String>, Double> values = new HashMap<>();
        traffic.forEach(each -> values.put(List.of(pgbouncer, each.database()), number.applyAsDouble(each)));
        return values;
    }
}
