package io.trayb.metrics;

import java.time.Duration;

/**
 * How one of PgBouncer's pools is used.
 *
 * @param database as clients call it
 * @param user whom they sign in as
 * @param activeClients with a server connection, or with nothing to ask
 * @param waitingClients that want one and have none
 * @param activeServers lent out
 * @param idleServers open and not lent out
 * @param connectingServers being opened
 * @param longestWait of those who wait now
 */
public record PgBouncerPool(
        String database,
        String user,
        long activeClients,
        long waitingClients,
        long activeServers,
        long idleServers,
        long connectingServers,
        Duration longestWait) {}
