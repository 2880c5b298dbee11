package io.trayb.safety;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Says which promises a run broke. A pure function of the evidence. */
final class Checker {
    private static final List<Function<Evidence, List<Violation>>> CHECKS = List.of(
            SubmissionChecks::lost,
            SubmissionChecks::neverAttempted,
            SubmissionChecks::refusedButDone,
            SubmissionChecks::duplicates,
            SubmissionChecks::tornBatches,
            SubmissionChecks::sharedUniqueKeys,
            SubmissionChecks::unexpectedAnswers,
            OutcomeChecks::twoRows,
            OutcomeChecks::notDrained,
            OutcomeChecks::foreignOutcomes,
            OutcomeChecks::unexplainedFailures,
            OutcomeChecks::lostOutcomes,
            OutcomeChecks::uncancelled,
            StartChecks::overlaps);

    private Checker() {}

    static List<Violation> check(Evidence evidence) {
        return CHECKS.stream().flatMap(check -> apply(check, evidence)).toList();
    }

    private static Stream<Violation> apply(Function<Evidence, List<Violation>> check, Evidence evidence) {
        return check.apply(evidence).stream();
    }
}
