package io.trayb.jobs.api;

import io.trayb.http.ProblemException;
import io.trayb.jobs.Job;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.keys.Caller;
import java.util.Optional;
import java.util.UUID;

/** The jobs that are there for a caller: those on queues that their key can see. Thread-safe. */
final class SeenJobs {
    private final JobQueue queue;

    SeenJobs(JobQueue queue) {
        this.queue = queue;
    }

    /** The job with this id, if it is there for the caller. */
    Optional<Job> find(UUID id, Caller caller) {
        return queue.find(id).filter(job -> caller.sees(job.queue()));
    }

    /**
     * Holds that a job that is about to be changed is there for the caller. A job's queue never changes, so what is found here
     * stays so. Costs a read of the database, but for callers who see all queues.
     *
     * @throws ProblemException 404 as for an id that doesn't exist
     */
    void require(UUID id, Caller caller) {
        if (!caller.queues().isAll() && find(id, caller).isEmpty()) {
            throw JobIds.unknown(id.toString());
        }
    }
}
