package io.trayb.jobs.worker;

import io.trayb.jobs.LeasedJob;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Goes round the queues, look by look, so that a full one doesn't starve the others. Used by one thread. */
final class QueueRound {
    private String servedLast = "";
    private int queuesServed = 1;

    /** The queue after which the next look goes on. */
    String servedLast() {
        return servedLast;
    }

    /** How many jobs the next look takes of one queue at most, of so many in all. */
    int perQueue(int free) {
        return Math.max(1, free / queuesServed);
    }

    /** How many of these jobs are of the queue that most of them are of. */
    static int mostOfOne(List<LeasedJob> started) {
        Map<String, Integer> counts = new HashMap<>();
        started.forEach(leased -> counts.merge(leased.job().queue(), 1, Integer::sum));
        return counts.isEmpty() ? 0 : Collections.max(counts.values());
    }

    /**
     * Remembers what a look has started.
     *
     * @return whether the round is over: it came to its end and began anew, or there was nothing
     */
    boolean served(List<LeasedJob> started) {
        if (started.isEmpty()) {
            return true;
        }
        String before = servedLast;
        List<String> queues = started.stream()
                .map(leased -> leased.job().queue())
                .distinct()
                .sorted(Comparator.comparing((String name) -> name.compareTo(before) <= 0)
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        queuesServed = queues.size();
        servedLast = queues.get(queues.size() - 1);
        return servedLast.compareTo(before) <= 0;
    }
}
