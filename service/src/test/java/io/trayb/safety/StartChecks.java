package io.trayb.safety;

import io.trayb.safety.Operation.Fate;
import io.trayb.safety.Operation.Kind;
import io.trayb.safety.Violation.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Two starts of one job at the same time: only when the lease of one of them was over before the other began. Which of the two is
 * the stale one can't be told from their order: a process that stood still between the claim and the work begins late.
 */
final class StartChecks {
    /** What the clock of a lease and that of a recorded start may be apart: a start is recorded a little after its claim. */
    private static final long SLACK = Micros.ofMillis(1000);

    private StartChecks() {}

    static List<Violation> overlaps(Evidence evidence) {
        Map<String, FinalJob> jobs = evidence.jobsById();
        Map<String, List<Start>> byJob = evidence.starts().stream().collect(Collectors.groupingBy(Start::job));
        List<Violation> violations = new ArrayList<>();
        byJob.forEach((id, unordered) -> {
            List<Start> starts = unordered.stream()
                    .sorted(Comparator.comparingLong(Start::began))
                    .toList();
            FinalJob job = jobs.get(id);
            if (job == null) {
                violations.add(new Violation(Promise.LOST, "job " + id + ", which was started: " + starts));
                return;
            }
            for (int later = 1; later < starts.size(); later++) {
                for (int former = 0; former < later; former++) {
                    if (!mayFollow(evidence, job, starts.get(former), starts.get(later))) {
                        violations.add(new Violation(
                                Promise.OVERLAP,
                                "job " + id + " was started as " + starts.get(former) + " and as "
                                        + starts.get(later)));
                    }
                }
            }
        });
        return violations;
    }

    private static boolean mayFollow(Evidence evidence, FinalJob job, Start former, Start later) {
        long moment = later.began();
        // What was claimed before its process stood still begins when that goes on.
        long claimed = moment - evidence.longestStall() - SLACK;
        return end(evidence, former) <= moment
                || leaseWasOver(evidence, job, former, former.began(), moment)
                || leaseWasOver(evidence, job, later, claimed, moment);
    }

    /** When the work of a start ended: as recorded, or with its process. */
    private static long end(Evidence evidence, Start start) {
        Long exit = evidence.exits().get(start.worker());
        long died = exit == null ? Long.MAX_VALUE : exit;
        return start.ended() == null ? died : Math.min(start.ended(), died);
    }

    /** Whether something that ends a start's lease happened to it in a span of time. */
    private static boolean leaseWasOver(Evidence evidence, FinalJob job, Start start, long from, long to) {
        boolean lostByService = !start.isRemote()
                && evidence.leaseEnds().stream()
                        .anyMatch(end -> end.worker().equals(start.worker()) && end.mayBeWithin(from, to));
        return lostByService
                || (start.isRemote() && ranOut(evidence, start, to))
                || start.began() + Micros.ofMillis(job.timeoutMs()) - SLACK <= to
                || mayHaveBeenCancelled(evidence, job, from, to);
    }

    private static boolean ranOut(Evidence evidence, Start start, long moment) {
        long holds = start.leasedAt() + Micros.ofMillis(start.leaseMs());
        for (Operation operation : evidence.all(Kind.EXTEND)) {
            if (start.id().equals(operation.key()) && operation.fate() == Fate.OK && operation.ended() <= moment) {
                holds = Math.max(holds, operation.began() + Micros.ofMillis(operation.leaseMs()));
            }
        }
        return holds <= moment;
    }

    private static boolean mayHaveBeenCancelled(Evidence evidence, FinalJob job, long from, long to) {
        return evidence.all(Kind.CANCEL).stream()
                .filter(operation -> operation.fate() != Fate.REFUSED && operation.isAbout(job.id()))
                .anyMatch(operation -> operation.ended() + evidence.longestStall() >= from && operation.began() <= to);
    }
}
