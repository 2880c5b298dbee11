package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.safety.Operation.Entry;
import io.trayb.safety.Operation.Fate;
import io.trayb.safety.Operation.Kind;
import io.trayb.safety.Violation.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each promise with a history that keeps it and one that breaks it. Times are in seconds here. */
class CheckerTest {
    private static final long SECOND = 1_000_000;
    private static final long STALL = 7 * SECOND;

    private final List<Operation> operations = new ArrayList<>();
    private final List<Start> starts = new ArrayList<>();
    private final List<LeaseEnd> leaseEnds = new ArrayList<>();
    private final Map<String, Long> exits = new HashMap<>();
    private final List<FinalJob> jobs = new ArrayList<>();

    @Test
    void a_run_in_which_all_went_well_is_green() {
        submitted("tag", "job");
        started("start", "job", 1, "4711", 10, 11L);
        completed("job", "tag", 1, "start");

        assertThat(broken()).isEmpty();
    }

    @Test
    void a_job_that_was_acknowledged_and_is_not_there_is_lost() {
        submitted("tag", "job");

        assertThat(broken()).containsExactly(Promise.LOST);
    }

    @Test
    void a_job_that_was_started_and_is_not_there_is_lost() {
        submit(Fate.UNKNOWN, null, List.of(), entry("tag"));
        started("start", "job", 1, "4711", 10, 11L);

        assertThat(broken()).containsExactly(Promise.LOST);
    }

    @Test
    void a_submission_of_unknown_fate_may_be_there_or_not() {
        submit(Fate.UNKNOWN, null, List.of(), entry("there"));
        submit(Fate.UNKNOWN, null, List.of(), entry("away"));
        cancelled("job", "there");

        assertThat(broken()).isEmpty();
    }

    @Test
    void a_job_that_nobody_asked_for_is_red() {
        cancelled("job", "tag");

        assertThat(broken()).containsExactly(Promise.NEVER_ATTEMPTED);
    }

    @Test
    void a_job_that_was_refused_and_is_there_is_red() {
        submit(Fate.REFUSED, null, List.of(), entry("tag"));
        cancelled("job", "tag");

        assertThat(broken()).containsExactly(Promise.REFUSED_BUT_DONE);
    }

    @Test
    void a_job_that_was_refused_at_the_repetition_alone_may_be_there() {
        submit(Fate.UNKNOWN, "key", List.of(), entry("tag"));
        submit(Fate.REFUSED, "key", List.of(), entry("tag"));
        cancelled("job", "tag");

        assertThat(broken()).isEmpty();
    }

    @Test
    void two_jobs_of_one_submission_are_red() {
        submit(Fate.UNKNOWN, "key", List.of(), entry("tag"));
        submit(Fate.OK, "key", List.of("job-2"), entry("tag"));
        cancelled("job-1", "tag");
        cancelled("job-2", "tag");

        assertThat(broken()).containsExactly(Promise.DUPLICATE);
    }

    @Test
    void two_answers_to_one_idempotency_key_are_red() {
        submit(Fate.OK, "key", List.of("job-1"), entry("tag-1"));
        submit(Fate.OK, "key", List.of("job-2"), entry("tag-2"));
        cancelled("job-1", "tag-1");
        cancelled("job-2", "tag-2");

        assertThat(broken()).containsExactly(Promise.DUPLICATE);
    }

    @Test
    void half_a_batch_is_red() {
        submit(Fate.UNKNOWN, null, List.of(), entry("tag-1"), entry("tag-2"));
        cancelled("job", "tag-1");

        assertThat(broken()).containsExactly(Promise.TORN_BATCH);
    }

    @Test
    void an_entry_of_a_batch_whose_unique_key_is_held_may_be_missing() {
        submit(Fate.UNKNOWN, null, List.of(), entry("tag-1"), new Entry("tag-2", "unique"));
        cancelled("job", "tag-1");

        assertThat(broken()).isEmpty();
    }

    @Test
    void two_unfinished_holders_of_a_unique_key_are_red() {
        submit(Fate.OK, null, List.of("job-1"), new Entry("tag-1", "unique"));
        submit(Fate.OK, null, List.of("job-2"), new Entry("tag-2", "unique"));
        jobs.add(unique("job-1", "tag-1", 0, 30));
        jobs.add(unique("job-2", "tag-2", 10, 40));

        assertThat(broken()).containsExactly(Promise.UNIQUE_KEY_SHARED);
    }

    @Test
    void one_holder_of_a_unique_key_after_the_other_is_green() {
        submit(Fate.OK, null, List.of("job-1"), new Entry("tag-1", "unique"));
        submit(Fate.OK, null, List.of("job-2"), new Entry("tag-2", "unique"));
        jobs.add(unique("job-1", "tag-1", 0, 30));
        jobs.add(unique("job-2", "tag-2", 30, 40));

        assertThat(broken()).isEmpty();
    }

    @Test
    void a_job_in_two_rows_is_red() {
        submitted("tag", "job");
        cancelled("job", "tag");
        cancelled("job", "tag");

        assertThat(broken()).containsExactly(Promise.TWO_ROWS);
    }

    @Test
    void a_job_that_is_left_over_is_red() {
        submitted("tag", "job");
        jobs.add(job("job", "tag", "waiting", 0, null, null, null));

        assertThat(broken()).containsExactly(Promise.NOT_DRAINED);
    }

    @Test
    void an_outcome_of_a_former_attempt_is_red() {
        submitted("tag", "job");
        leaseEnds.add(new LeaseEnd("4711", 12 * SECOND, 12 * SECOND));
        started("stale", "job", 1, "4711", 9, 20L);
        started("current", "job", 2, "4712", 13, 21L);
        completed("job", "tag", 2, "stale");

        assertThat(broken()).containsExactly(Promise.FOREIGN_OUTCOME);
    }

    @Test
    void an_outcome_of_a_start_before_the_attempt_was_handed_out_is_red() {
        submitted("tag", "job");
        started("given-back", "job", 1, "4711", 8, 9L);
        completed("job", "tag", 1, "given-back");

        assertThat(broken()).containsExactly(Promise.FOREIGN_OUTCOME);
    }

    @Test
    void an_outcome_of_a_process_that_had_been_judged_before_is_red() {
        submitted("tag", "job");
        started("start", "job", 1, "4711", 11, 19L);
        completed("job", "tag", 1, "start");
        leaseEnds.add(new LeaseEnd("4711", 12 * SECOND, 20 * SECOND));
        assertThat(broken()).isEmpty();

        leaseEnds.add(new LeaseEnd("4711", 12 * SECOND, 13 * SECOND));
        assertThat(broken()).containsExactly(Promise.FOREIGN_OUTCOME);
    }

    @Test
    void an_outcome_that_no_start_made_is_red() {
        submitted("tag", "job");
        completed("job", "tag", 1, "never-recorded");

        assertThat(broken()).containsExactly(Promise.FOREIGN_OUTCOME);
    }

    @Test
    void a_failure_that_nobody_planned_is_red() {
        submitted("tag", "job");
        jobs.add(job("job", "tag", "failed", 1, null, "null pointer", 20L));

        assertThat(broken()).containsExactly(Promise.UNEXPLAINED_FAILURE);
    }

    @Test
    void failures_that_were_planned_or_are_the_nemesis_doing_are_green() {
        submit(Fate.OK, null, List.of("a", "b", "c"), entry("tag-a"), entry("tag-b"), entry("tag-c"));
        jobs.add(job("a", "tag-a", "failed", 1, null, Workload.PLANNED_FAILURE, 20L));
        jobs.add(job("b", "tag-b", "failed", 3, null, "lease lost 3 times: each time its worker fell silent", 20L));
        jobs.add(job("c", "tag-c", "failed", 1, null, "timed out after 500 ms", 20L));

        assertThat(broken()).isEmpty();
    }

    @Test
    void an_acknowledged_completion_that_another_wrote_over_is_red() {
        submitted("tag", "job");
        started("acknowledged", "job", 1, "4711", 10, 11L);
        started("other", "job", 1, "4712", 12, 13L);
        about(Kind.COMPLETE, Fate.OK, "job", "acknowledged", 11, 11);
        completed("job", "tag", 1, "other");

        assertThat(broken()).containsExactly(Promise.OUTCOME_LOST);
    }

    @Test
    void an_acknowledged_failure_for_good_stays_unless_it_is_put_back() {
        submitted("tag", "job");
        started("start", "job", 1, "4711", 10, 11L);
        started("again", "job", 1, "4711", 15, 16L);
        about(Kind.FAIL, Fate.OK, "job", "start", 11, 12);
        completed("job", "tag", 1, "again");
        assertThat(broken()).containsExactly(Promise.OUTCOME_LOST);

        about(Kind.RETRY, Fate.UNKNOWN, "job", null, 13, 14);
        assertThat(broken()).isEmpty();
    }

    @Test
    void a_cancelled_job_stays_cancelled_unless_it_is_put_back() {
        submitted("tag", "job");
        started("start", "job", 1, "4711", 10, 11L);
        about(Kind.CANCEL, Fate.OK, "job", null, 5, 6);
        completed("job", "tag", 1, "start");
        assertThat(broken()).containsExactly(Promise.UNCANCELLED);

        operations.add(new Operation(
                "c", Kind.REPLAY, 7 * SECOND, 8 * SECOND, Fate.OK, List.of(), List.of(), "mail", 0, 200, ""));
        assertThat(broken()).isEmpty();
    }

    @Test
    void two_starts_at_once_are_red_unless_the_lease_of_one_was_over() {
        submitted("tag", "job");
        started("first", "job", 1, "4711", 10, 20L);
        started("second", "job", 2, "4712", 15, 16L);
        jobs.add(job("job", "tag", "completed", 2, "second", null, 21L));
        assertThat(broken()).containsExactly(Promise.OVERLAP);

        leaseEnds.add(new LeaseEnd("4711", 14 * SECOND, 14 * SECOND));
        assertThat(broken()).isEmpty();
    }

    @Test
    void a_start_that_stood_still_between_its_claim_and_its_work_may_begin_late() {
        submitted("tag", "job");
        started("current", "job", 2, "4712", 12, 20L);
        started("late", "job", 1, "4711", 15, 16L);
        jobs.add(job("job", "tag", "completed", 2, "current", null, 21L));
        assertThat(broken()).containsExactly(Promise.OVERLAP);

        leaseEnds.add(new LeaseEnd("4711", 11 * SECOND, 11 * SECOND));
        assertThat(broken()).isEmpty();
    }

    @Test
    void a_start_ends_with_its_process() {
        submitted("tag", "job");
        started("killed", "job", 1, "4711", 10, null);
        started("second", "job", 2, "4712", 15, 16L);
        jobs.add(job("job", "tag", "completed", 2, "second", null, 21L));
        assertThat(broken()).containsExactly(Promise.OVERLAP);

        exits.put("4711", 14 * SECOND);
        assertThat(broken()).isEmpty();
    }

    @Test
    void a_remote_start_holds_as_long_as_its_lease_and_each_extension() {
        submitted("tag", "job");
        starts.add(new Start("first", "job", 1, "remote", 10 * SECOND, 20 * SECOND, 9 * SECOND, 2000));
        started("second", "job", 2, "4712", 12, 13L);
        jobs.add(job("job", "tag", "completed", 2, "second", null, 21L));
        assertThat(broken()).isEmpty();

        operations.add(new Operation(
                "w",
                Kind.EXTEND,
                11 * SECOND,
                11 * SECOND,
                Fate.OK,
                List.of(),
                List.of("job"),
                "first",
                2000,
                200,
                ""));
        assertThat(broken()).containsExactly(Promise.OVERLAP);
    }

    @Test
    void a_job_that_was_cancelled_or_timed_out_may_run_again_beside_its_former_start() {
        submitted("tag", "job");
        started("first", "job", 1, "4711", 10, 20L);
        started("second", "job", 1, "4712", 15, 16L);
        jobs.add(job("job", "tag", "completed", 1, "second", null, 21L));
        assertThat(broken()).containsExactly(Promise.OVERLAP);

        about(Kind.CANCEL, Fate.UNKNOWN, "job", null, 12, 13);
        assertThat(broken()).isEmpty();
    }

    @Test
    void an_answer_that_the_contract_does_not_name_is_red() {
        operations.add(
                new Operation("c", Kind.REPLAY, 0, SECOND, Fate.UNKNOWN, List.of(), List.of(), "mail", 0, 500, "oh"));

        assertThat(broken()).containsExactly(Promise.UNEXPECTED_ANSWER);
    }

    private List<Promise> broken() {
        return Checker.check(new Evidence(operations, starts, leaseEnds, exits, jobs, STALL)).stream()
                .map(Violation::promise)
                .toList();
    }

    private static Entry entry(String tag) {
        return new Entry(tag, null);
    }

    private void submitted(String tag, String job) {
        submit(Fate.OK, null, List.of(job), entry(tag));
    }

    private void submit(Fate fate, @Nullable String key, List<String> answered, Entry... entries) {
        operations.add(
                new Operation("c", Kind.SUBMIT, SECOND, 2 * SECOND, fate, List.of(entries), answered, key, 0, 0, ""));
    }

    private void about(Kind kind, Fate fate, String job, @Nullable String key, long began, long ended) {
        operations.add(
                new Operation("c", kind, began * SECOND, ended * SECOND, fate, List.of(), List.of(job), key, 0, 0, ""));
    }

    private void started(String id, String job, int attempt, String worker, long began, @Nullable Long ended) {
        starts.add(new Start(id, job, attempt, worker, began * SECOND, ended == null ? null : ended * SECOND, 0, 0));
    }

    private void completed(String id, String tag, int attempt, String start) {
        jobs.add(job(id, tag, "completed", attempt, start, null, 20L));
    }

    private void cancelled(String id, String tag) {
        jobs.add(job(id, tag, "cancelled", 0, null, null, 20L));
    }

    /** Handed out at second 10. */
    private static FinalJob job(
            String id,
            String tag,
            String state,
            int attempt,
            @Nullable String resultStart,
            @Nullable String error,
            @Nullable Long finished) {
        return new FinalJob(
                id,
                "mail",
                "t",
                state,
                attempt,
                3,
                60_000,
                tag,
                null,
                resultStart,
                resultStart == null ? 0 : attempt,
                error,
                SECOND,
                10 * SECOND,
                finished == null ? null : finished * SECOND);
    }

    private static FinalJob unique(String id, String tag, long created, long finished) {
        return new FinalJob(
                id,
                "mail",
                "t",
                "cancelled",
                0,
                3,
                60_000,
                tag,
                "unique",
                null,
                0,
                null,
                created * SECOND,
                null,
                finished * SECOND);
    }
}
