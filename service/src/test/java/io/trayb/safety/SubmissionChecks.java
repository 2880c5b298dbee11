package io.trayb.safety;

import io.trayb.safety.Operation.Entry;
import io.trayb.safety.Operation.Fate;
import io.trayb.safety.Operation.Kind;
import io.trayb.safety.Violation.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What was asked for, what was answered, and what is there. */
final class SubmissionChecks {
    /** Statuses that the suite's calls may get: done, too late, gone, for now not. */
    private static final Set<Integer> EXPECTED = Set.of(0, 200, 201, 404, 409, 503);

    private SubmissionChecks() {}

    /** Acknowledged − final. */
    static List<Violation> lost(Evidence evidence) {
        Set<String> there = evidence.jobsById().keySet();
        List<Violation> violations = new ArrayList<>();
        for (Operation operation : evidence.all(Kind.SUBMIT)) {
            if (operation.fate() == Fate.OK) {
                for (String job : operation.jobs()) {
                    if (!there.contains(job)) {
                        violations.add(new Violation(Promise.LOST, "job " + job + ", acknowledged by " + operation));
                    }
                }
            }
        }
        return violations;
    }

    /** Final − attempted. */
    static List<Violation> neverAttempted(Evidence evidence) {
        Set<String> attempted = evidence.submissionsByTag().keySet();
        return evidence.jobs().stream()
                .filter(job -> job.tag() == null || !attempted.contains(job.tag()))
                .map(job -> new Violation(Promise.NEVER_ATTEMPTED, job.toString()))
                .toList();
    }

    static List<Violation> refusedButDone(Evidence evidence) {
        Set<String> there = tagsThere(evidence);
        return evidence.submissionsByTag().entrySet().stream()
                .filter(tag -> tag.getValue().stream().allMatch(operation -> operation.fate() == Fate.REFUSED))
                .filter(tag -> there.contains(tag.getKey()))
                .map(tag -> new Violation(Promise.REFUSED_BUT_DONE, tag.getKey() + ", refused by " + tag.getValue()))
                .toList();
    }

    /** Two jobs of one entry, or two answers to one idempotency key. */
    static List<Violation> duplicates(Evidence evidence) {
        List<Violation> violations = new ArrayList<>();
        Map<String, Set<String>> idsByTag = new HashMap<>();
        for (FinalJob job : evidence.jobs()) {
            if (job.tag() != null) {
                idsByTag.computeIfAbsent(job.tag(), tag -> new HashSet<>()).add(job.id());
            }
        }
        idsByTag.forEach((tag, ids) -> {
            if (ids.size() > 1) {
                violations.add(new Violation(Promise.DUPLICATE, tag + " is the jobs " + ids));
            }
        });
        Map<String, Set<List<String>>> answersByKey = new HashMap<>();
        for (Operation operation : evidence.all(Kind.SUBMIT)) {
            if (operation.fate() == Fate.OK && operation.key() != null) {
                answersByKey
                        .computeIfAbsent(operation.key(), key -> new HashSet<>())
                        .add(operation.jobs());
            }
        }
        answersByKey.forEach((key, answers) -> {
            if (answers.size() > 1) {
                violations.add(
                        new Violation(Promise.DUPLICATE, "idempotency key " + key + " was answered with " + answers));
            }
        });
        return violations;
    }

    /** Of entries without a unique key, since one whose key is held isn't added. */
    static List<Violation> tornBatches(Evidence evidence) {
        Set<String> there = tagsThere(evidence);
        List<Violation> violations = new ArrayList<>();
        for (Operation operation : evidence.all(Kind.SUBMIT)) {
            List<String> plain = operation.entries().stream()
                    .filter(entry -> entry.uniqueKey() == null)
                    .map(Entry::tag)
                    .toList();
            List<String> missing =
                    plain.stream().filter(tag -> !there.contains(tag)).toList();
            if (!missing.isEmpty() && missing.size() < plain.size()) {
                violations.add(new Violation(Promise.TORN_BATCH, missing + " are missing of " + operation));
            }
        }
        return violations;
    }

    /**
     * Two jobs of one unique key, unfinished at the same time. A row's times are those of the beginning of the transaction that
     * wrote it, so an overlap counts only if it is longer than a process may stand still in one.
     */
    static List<Violation> sharedUniqueKeys(Evidence evidence) {
        Map<List<String>, List<FinalJob>> byKey = evidence.jobs().stream()
                .filter(job -> job.uniqueKey() != null)
                .collect(Collectors.groupingBy(
                        job -> List.of(job.queue(), job.type(), Objects.requireNonNull(job.uniqueKey()))));
        List<Violation> violations = new ArrayList<>();
        byKey.forEach((key, jobs) -> {
            List<FinalJob> inOrder = jobs.stream()
                    .sorted(Comparator.comparingLong(FinalJob::createdAt))
                    .toList();
            for (int i = 1; i < inOrder.size(); i++) {
                FinalJob former = inOrder.get(i - 1);
                FinalJob later = inOrder.get(i);
                Long end = former.finishedAt();
                boolean revived = evidence.mayHaveBeenRevivedAfter(former, former.createdAt());
                boolean shared = end == null ? !later.isFinished() : later.createdAt() + evidence.longestStall() < end;
                if (shared && (end == null || !revived)) {
                    violations.add(new Violation(Promise.UNIQUE_KEY_SHARED, former + " and " + later));
                }
            }
        });
        return violations;
    }

    static List<Violation> unexpectedAnswers(Evidence evidence) {
        return evidence.operations().stream()
                .filter(operation -> !EXPECTED.contains(operation.status()))
                .map(operation -> new Violation(Promise.UNEXPECTED_ANSWER, operation.toString()))
                .toList();
    }

    private static Set<String> tagsThere(Evidence evidence) {
        return evidence.jobs().stream()
                .map(FinalJob::tag)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
