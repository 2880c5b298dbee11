package io.trayb.jobs;

import java.util.Comparator;

/**
 * A job that was started, with the token that its holder must show to write anything about it.
 *
 * @param leaseId the fencing token: drawn anew for each start, never used again
 * @param waitedMs from ready to started, in milliseconds
 * @param lastLife whether another lost lease fails it; such a job is started out of its turn, and no other of them beside it
 */
public record LeasedJob(Job job, long leaseId, long waitedMs, boolean lastLife) {
    /** The order in which jobs that were started together are to run: by priority, then by who has been ready for longer. */
    public static final Comparator<LeasedJob> RUN_ORDER = Comparator.comparingInt(
                    (LeasedJob lease) -> lease.job().priority())
            .thenComparing(LeasedJob::waitedMs, Comparator.reverseOrder())
            .thenComparing(lease -> lease.job().id());
}
