package io.trayb.jobs;

import java.time.Instant;

/**
 * A job that a remote worker holds.
 *
 * @param expiresAt when the lease is over unless it is extended, by the database's clock
 */
public record RemoteLease(LeasedJob lease, Instant expiresAt) {}
