package io.trayb.safety;

import io.trayb.safety.Operation.Fate;
import io.trayb.safety.Operation.Kind;
import io.trayb.safety.Violation.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How jobs ended, and what had been said of it. */
final class OutcomeChecks {
    /** What the product may fail a job with, beside what the suite's workers say. */
    private static final Pattern EXPLAINED = Pattern.compile(
            Pattern.quote(Workload.PLANNED_FAILURE) + "|lease lost \\d+ times: .*|timed out after \\d+ ms");

    /** Of a row's time, which the driver cuts to microseconds. */
    private static final long ROUNDING = 1;

    private OutcomeChecks() {}

    static List<Violation> twoRows(Evidence evidence) {
        Map<String, List<FinalJob>> rows = evidence.jobs().stream().collect(Collectors.groupingBy(FinalJob::id));
        return rows.values().stream()
                .filter(same -> same.size() > 1)
                .map(same -> new Violation(Promise.TWO_ROWS, same.toString()))
                .toList();
    }

    static List<Violation> notDrained(Evidence evidence) {
        return evidence.jobs().stream()
                .filter(job -> !job.isFinished())
                .map(job -> new Violation(Promise.NOT_DRAINED, job.toString()))
                .toList();
    }

    /**
     * A completed job's result names the start that made it. That must be one that was recorded for this job, of the attempt
     * that the row is at, begun after that attempt was handed out and still held by its process when the outcome was written:
     * what a start says whose lease is over is refused.
     */
    static List<Violation> foreignOutcomes(Evidence evidence) {
        Map<String, Start> starts = evidence.startsById();
        List<Violation> violations = new ArrayList<>();
        for (FinalJob job : evidence.jobs()) {
            if (job.state().equals("completed")) {
                Start start = job.resultStart() == null ? null : starts.get(job.resultStart());
                boolean own = start != null
                        && start.job().equals(job.id())
                        && start.attempt() == job.attempt()
                        && job.resultAttempt() == job.attempt()
                        && start.began() + ROUNDING >= Objects.requireNonNull(job.startedAt())
                        && !wasJudgedBefore(evidence, start, Objects.requireNonNull(job.finishedAt()));
                if (!own) {
                    violations.add(new Violation(Promise.FOREIGN_OUTCOME, job + ", completed by " + start));
                }
            }
        }
        return violations;
    }

    /** Whether a start's process had surely lost the lease under which it began by that moment. */
    private static boolean wasJudgedBefore(Evidence evidence, Start start, long moment) {
        return evidence.leaseEnds().stream()
                .anyMatch(end -> end.worker().equals(start.worker())
                        && start.began() <= end.notBefore()
                        && end.notAfter() < moment);
    }

    static List<Violation> unexplainedFailures(Evidence evidence) {
        return evidence.jobs().stream()
                .filter(job -> job.state().equals("failed"))
                .filter(job ->
                        job.error() == null || !EXPLAINED.matcher(job.error()).matches())
                .map(job -> new Violation(Promise.UNEXPLAINED_FAILURE, job.toString()))
                .toList();
    }

    /** What a remote worker was told to be done is what is there: nobody wrote over it. */
    static List<Violation> lostOutcomes(Evidence evidence) {
        Map<String, FinalJob> jobs = evidence.jobsById();
        List<Violation> violations = new ArrayList<>();
        for (Operation operation : evidence.operations()) {
            boolean outcome = operation.kind() == Kind.COMPLETE || operation.kind() == Kind.FAIL;
            if (outcome && operation.fate() == Fate.OK) {
                FinalJob job = jobs.get(operation.jobs().get(0));
                boolean kept = job != null
                        && (operation.kind() == Kind.COMPLETE
                                ? Objects.equals(job.resultStart(), operation.key())
                                : job.state().equals("failed")
                                        || evidence.mayHaveBeenRevivedAfter(job, operation.began()));
                if (!kept) {
                    violations.add(new Violation(Promise.OUTCOME_LOST, operation + ", but there is " + job));
                }
            }
        }
        return violations;
    }

    static List<Violation> uncancelled(Evidence evidence) {
        Map<String, FinalJob> jobs = evidence.jobsById();
        Function<Operation, FinalJob> target =
                operation -> jobs.get(operation.jobs().get(0));
        return evidence.all(Kind.CANCEL).stream()
                .filter(operation -> operation.fate() == Fate.OK)
                .filter(operation -> {
                    FinalJob job = target.apply(operation);
                    boolean kept = job != null
                            && (job.state().equals("cancelled")
                                    || evidence.mayHaveBeenRevivedAfter(job, operation.began()));
                    return !kept;
                })
                .map(operation ->
                        new Violation(Promise.UNCANCELLED, operation + ", but there is " + target.apply(operation)))
                .toList();
    }
}
