package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.safety.Fault.Kind;
import io.trayb.safety.Operation.Fate;
import io.trayb.safety.Violation.Promise;
import io.trayb.testing.TestPgBouncer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was promised holds through kills, freezes, crashes and cut connections. {@code -Dtrayb.safety.seed=N} repeats the faults of
 * a run; {@code -Dtrayb.long=true} runs for longer and with more seeds.
 */
class SafetyTest {
    private static final long SEED = Long.getLong("trayb.safety.seed", System.currentTimeMillis() % 1_000_000);
    /** How many seeds the negative control has to show it. */
    private static final int CONTROLS = 4;

    private static final int BURSTING = 24;

    private static final Workload MIXED = new Workload(0.15, 1500, 0.45, 120);

    /** Of each long run, the most jobs of one claim. */
    private static final List<Long> CLAIMED_AT_ONCE = new ArrayList<>();

    @TempDir
    Path temporary;

    @Test
    void what_was_acknowledged_survives_whatever_breaks() throws Exception {
        assertNothingBroken("short", SEED, everyKind(), Duration.ofSeconds(10), Duration.ofMillis(1500));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void what_was_acknowledged_survives_ten_minutes_of_whatever_breaks(long seed) throws Exception {
        assertNothingBroken("long-" + seed, seed, everyKind(), Duration.ofMinutes(2), Duration.ofMillis(2500));
    }

    @Test
    @EnabledIfSystemProperty(named = "trayb.long", matches = "true")
    void what_was_acknowledged_survives_that_one_postgres_after_the_other_is_killed() throws Exception {
        // No freezes: to bring a standby back takes longer than some of them.
        EnumSet<Kind> kinds =
                EnumSet.of(Kind.FAIL_OVER, Kind.KILL, Kind.CUT_ANSWERS, Kind.CUT_POSTGRES_ANSWERS, Kind.EMPTY_REDIS);
        assertNothingBroken("failover", SEED, kinds, Duration.ofSeconds(50), Duration.ofSeconds(4));
    }

    /**
     * The negative control: were the fence not there, this suite would see it. A holder without a lease does harm only when it
     * wakes while the next one is at work, which not every seed brings about.
     */
    @Test
    void without_the_fence_the_suite_is_red() throws Exception {
        List<Path> classes = List.of(
                TestClasses.withoutTheFence(temporary.resolve("unfenced")),
                TestClasses.handler(temporary.resolve("recording"), RecordingHandler.class));
        List<Violation> violations = List.of();
        for (long seed = SEED; seed < SEED + CONTROLS && !foreignOutcomesIn(violations); seed++) {
            Scenario scenario = new Scenario(
                    "unfenced-" + seed,
                    seed,
                    EnumSet.of(Kind.FREEZE),
                    Duration.ofSeconds(9),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(4),
                    new Workload(0.5, 3500, 0.1, 300),
                    0,
                    classes);
            violations = Checker.check(new SafetyRun(scenario).run(temporary.resolve(scenario.name())));
        }

        assertThat(violations)
                .as("seeds from %d on", SEED)
                .extracting(Violation::promise)
                .contains(Promise.FOREIGN_OUTCOME);
    }

    private static boolean foreignOutcomesIn(List<Violation> violations) {
        return violations.stream().anyMatch(violation -> violation.promise() == Promise.FOREIGN_OUTCOME);
    }

    private static EnumSet<Kind> everyKind() {
        EnumSet<Kind> kinds = EnumSet.complementOf(EnumSet.of(Kind.FAIL_OVER));
        if (!TestPgBouncer.isBeforeAll()) {
            kinds.remove(Kind.RESTART_PGBOUNCER);
        }
        return kinds;
    }

    private void assertNothingBroken(String name, long seed, EnumSet<Kind> kinds, Duration chaos, Duration longestPause)
            throws Exception {
        Scenario scenario = new Scenario(
                name,
                seed,
                kinds,
                chaos,
                longestPause,
                Duration.ofMinutes(10),
                MIXED,
                BURSTING,
                List.of(TestClasses.handler(temporary.resolve("recording"), RecordingHandler.class)));
        SafetyRun run = new SafetyRun(scenario);

        Evidence evidence = run.run(temporary);

        assertThat(Checker.check(evidence))
                .as("seed %d; the history is in %s", seed, run.directory())
                .isEmpty();
        // A run that asked for nothing, or in which nothing went wrong, proves nothing. What is rare is sure in a long
        // one only.
        assertThat(evidence.operations())
                .extracting(Operation::kind)
                .contains(Operation.Kind.SUBMIT, Operation.Kind.CANCEL, Operation.Kind.COMPLETE);
        assertThat(evidence.operations()).extracting(Operation::fate).contains(Fate.values());
        assertThat(evidence.jobs()).extracting(FinalJob::state).contains("completed", "failed");
        List<FinalJob> burst = evidence.jobs().stream()
                .filter(job -> job.tag() != null && job.tag().startsWith(ApiClient.BURST))
                .toList();
        assertThat(mostAtOnce(burst, FinalJob::createdAt))
                .as("single submissions that shared a transaction")
                .isGreaterThan(1);
        if (chaos.compareTo(Duration.ofMinutes(1)) >= 0) {
            assertThat(evidence.operations()).extracting(Operation::kind).contains(Operation.Kind.values());
            assertThat(evidence.starts()).anyMatch(start -> start.ended() == null);
            assertThat(evidence.jobs()).extracting(FinalJob::state).contains("cancelled");
            CLAIMED_AT_ONCE.add(mostAtOnce(burst, FinalJob::startedAt));
        }
    }

    /** Whether a run has claimed ahead is up to what else was running when its burst came. */
    @AfterAll
    static void of_the_long_runs_one_at_least_has_claimed_more_jobs_at_once_than_there_are_slots_for() {
        if (!CLAIMED_AT_ONCE.isEmpty()) {
            assertThat(CLAIMED_AT_ONCE).as("jobs of one claim, by run").anyMatch(jobs -> jobs > Node.SLOTS);
        }
    }

    /** The most jobs that have one time in common, which is that of one transaction. */
    private static long mostAtOnce(List<FinalJob> jobs, Function<FinalJob, @Nullable Long> time) {
        return jobs.stream()
                .map(job -> Optional.ofNullable(time.apply(job)))
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values()
                .stream()
                .max(Comparator.naturalOrder())
                .orElse(0L);
    }
}
