package io.trayb.safety;

import org.jspecify.annotations.Nullable;

/**
 * One start of a job, as whoever ran it recorded it.
 *
 * @param id drawn anew for each start; a start that completes its job leaves it in the result
 * @param worker the process id of the service, or the name of the remote worker
 * @param began when the work began, in microseconds
 * @param ended when it ended, or null if nothing was recorded: its process died
 * @param leasedAt when the remote worker asked for the lease, in microseconds; 0 in a service
 * @param leaseMs for how long it asked
 */
record Start(
        String id,
        String job,
        int attempt,
        String worker,
        long began,
        @Nullable Long ended,
        long leasedAt,
        long leaseMs) {

    boolean isRemote() {
        return leaseMs > 0;
    }
}
