package io.trayb.safety;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that is known of a run.
 *
 * @param operations what clients asked for
 * @param starts what ran
 * @param leaseEnds which services gave up or lost their lease, and when
 * @param exits when a service process was found ended, by its process id, in microseconds
 * @param jobs what is in the database at the end
 * @param longestStall for how long a process may have stood still amid a transaction, in microseconds
 */
record Evidence(
        List<Operation> operations,
        List<Start> starts,
        List<LeaseEnd> leaseEnds,
        Map<String, Long> exits,
        List<FinalJob> jobs,
        long longestStall) {

    List<Operation> all(Operation.Kind kind) {
        return operations.stream().filter(operation -> operation.kind() == kind).toList();
    }

    Map<String, FinalJob> jobsById() {
        return jobs.stream()
                .collect(Collectors.toMap(FinalJob::id, job -> job, (first, second) -> first, LinkedHashMap::new));
    }

    Map<String, Start> startsById() {
        return starts.stream().collect(Collectors.toMap(Start::id, start -> start));
    }

    /** All submissions of each tag: more than one where a client repeated itself under an idempotency key. */
    Map<String, List<Operation>> submissionsByTag() {
        Map<String, List<Operation>> byTag = new HashMap<>();
        for (Operation operation : all(Operation.Kind.SUBMIT)) {
            for (Operation.Entry entry : operation.entries()) {
                byTag.computeIfAbsent(entry.tag(), tag -> new ArrayList<>()).add(operation);
            }
        }
        return byTag;
    }

    /** Whether somebody may have put a failed or cancelled job back after a moment. */
    boolean mayHaveBeenRevivedAfter(FinalJob job, long moment) {
        return operations.stream()
                .filter(operation -> operation.fate() != Operation.Fate.REFUSED)
                .filter(operation -> mayStillHappenAfter(operation, moment))
                .anyMatch(operation -> switch (operation.kind()) {
                    case RETRY -> operation.isAbout(job.id());
                    case REPLAY -> job.queue().equals(operation.key());
                    default -> false;
                });
    }

    /** What nobody heard the end of may be done later by a service that stood still. */
    private boolean mayStillHappenAfter(Operation operation, long moment) {
        long last = operation.fate() == Operation.Fate.UNKNOWN ? operation.ended() + longestStall : operation.ended();
        return last >= moment;
    }
}
