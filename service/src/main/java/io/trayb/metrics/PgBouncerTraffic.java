package io.trayb.metrics;

import java.time.Duration;

/**
 * What goes through PgBouncer to one database, on average over its last {@code stats_period}.
 *
 * @param transactionsPerSecond how many were ended
 * @param transactionTime how long one had a server connection
 * @param waitTime how much waiting for server connections there was in a second, of all clients together
 */
public record PgBouncerTraffic(
        String database, double transactionsPerSecond, Duration transactionTime, Duration waitTime) {}
