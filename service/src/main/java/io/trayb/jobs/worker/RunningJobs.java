package io.trayb.jobs.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** What this process holds, by lease: what runs, what waits for a thread, what waits for its outcome to be written. Thread-safe. */
final class RunningJobs {
    private final ConcurrentMap<Long, Execution> byLease = new ConcurrentHashMap<>();

    void add(Execution execution) {
        byLease.put(execution.lease().leaseId(), execution);
    }

    void remove(Execution execution) {
        byLease.remove(execution.lease().leaseId());
        if (byLease.isEmpty()) {
            tellEmpty();
        }
    }

    /** How many there are. */
    int size() {
        return byLease.size();
    }

    /** Waits until there are none; false if that takes longer than so long. */
    synchronized boolean awaitEmpty(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (!byLease.isEmpty()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private synchronized void tellEmpty() {
        notifyAll();
    }

    /** A snapshot. */
    List<Execution> all() {
        return List.copyOf(byLease.values());
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
