package io.trayb;

import io.dropwizard.lifecycle.Managed;
import io.trayb.events.Events;
import io.trayb.jobs.worker.ProcessLease;

/**
 * The events part's place in the service's life: started after this process's lease, and so stopped before it. What couldn't be
 * published at the stop keeps the lease from being signed off, so that whoever finds it run out tells everybody.
 */
record EventsUnderLease(Events events, ProcessLease lease) implements Managed {
    @Override
    public void start() {
        events.start();
    }

    @Override
    public void stop() throws InterruptedException {
        boolean told = false;
        try {
            told = events.stop();
        } finally {
            if (!told) {
                lease.keepForOthersToTell();
            }
        }
    }
}
