package io.trayb.jobs.worker;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What runs in this process, by lease. Thread-safe. */
final class RunningJobs {
    private final ConcurrentMap<Long, Execution> byLease = new ConcurrentHashMap<>();

    void add(Execution execution) {
        byLease.put(execution.lease().leaseId(), execution);
    }

    void remove(Execution execution) {
        byLease.remove(execution.lease().leaseId());
    }

    /** A snapshot. */
    List<Execution> all() {
        return List.copyOf(byLease.values());
    }

    boolean isEmpty() {
        return byLease.isEmpty();
    }

    /** Ends what runs under these leases: they are no longer current. */
    void revoke(Collection<Long> leaseIds) {
        for (Long leaseId : leaseIds) {
            Execution execution = byLease.get(leaseId);
            if (execution != null) {
                execution.revoke();
            }
        }
    }

    /** Ends every run of a job that was cancelled. */
    void revokeJob(UUID jobId) {
        for (Execution execution : byLease.values()) {
            if (execution.lease().job().id().equals(jobId)) {
                execution.revoke();
            }
        }
    }
}
