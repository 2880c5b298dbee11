package io.trayb.safety;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.events.SseReader;
import io.trayb.testing.ServiceClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a stream of all jobs has told, beside what is in the database. */
final class StreamChecks {
    /**
     * A gap may come after what has passed it by: of a commit whose answer was lost a process knows when its connection is given up,
     * and others may have told of later ones by then.
     */
    static final long LATE = Micros.ofMillis(10_000);
    /** The order of the log isn't quite that of the times in it. */
    static final long SLACK = Micros.ofMillis(1_000);

    /** When what a gap stands for may have been, in microseconds. */
    private record Missed(long from, long to) {}

    private StreamChecks() {}

    /**
     * The jobs whose end a stream hasn't told, and that no gap stands for.
     *
     * @param told all that came on it, in its order
     * @param jobs that ended while it was open
     */
    static List<FinalJob> untold(List<SseReader.Block> told, List<FinalJob> jobs) {
        Set<String> ends = new HashSet<>();
        List<Missed> missed = new ArrayList<>();
        long last = 0;
        int open = 0;
        for (SseReader.Block block : told) {
            if (block.event().equals("gap")) {
                missed.add(new Missed(last - LATE, Long.MAX_VALUE));
                open++;
            } else {
                JsonNode event = ServiceClient.parse(block.data());
                last = Micros.of(Instant.parse(event.path("at").asText()));
                for (; open > 0; open--) {
                    Missed gap = missed.get(missed.size() - open);
                    missed.set(missed.size() - open, new Missed(gap.from(), last + SLACK));
                }
                ends.add(end(event.path("jobId").asText(), block.event()));
            }
        }
        return jobs.stream()
                .filter(job -> job.finishedAt() != null && !ends.contains(end(job.id(), "job." + job.state())))
                .filter(job -> missed.stream()
                        .noneMatch(gap -> gap.from() <= job.finishedAt() && job.finishedAt() <= gap.to()))
                .toList();
    }

    private static String end(String job, String event) {
        return job + " " + event;
    }
}
