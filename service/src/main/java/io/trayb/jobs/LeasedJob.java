package io.trayb.jobs;

/**
 * A job that was started, with the token that its holder must show to write anything about it.
 *
 * @param leaseId the fencing token: drawn anew for each start, never used again
 * @param waitedMs from ready to started, in milliseconds
 */
public record LeasedJob(Job job, long leaseId, long waitedMs) {}
