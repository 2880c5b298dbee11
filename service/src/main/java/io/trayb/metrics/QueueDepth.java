package io.trayb.metrics;

import java.time.Duration;

/**
 * How full one queue is.
 *
 * @param failed jobs that failed and are still kept
 * @param oldestWaiting how long the job that has waited longest has been ready; zero when none waits
 */
public record QueueDepth(String queue, long waiting, long delayed, long active, long failed, Duration oldestWaiting) {
    public QueueDepth {
        if (waiting < 0 || delayed < 0 || active < 0 || failed < 0 || oldestWaiting.isNegative()) {
            throw new IllegalArgumentException("the depth of queue '" + queue
                    + "' must have no negative number, but is "
                    + waiting + " waiting, " + delayed + " delayed, " + active + " active, " + failed + " failed, "
                    + oldestWaiting + " oldest waiting");
        }
    }
}
