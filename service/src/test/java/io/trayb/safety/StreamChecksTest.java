package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.events.SseReader;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check is red when it should be. */
class StreamChecksTest {
    private static final long BEGIN = Micros.of(Instant.parse("2026-11-28T00:00:00Z"));
    private static final FinalJob FIRST = job("first", Micros.ofMillis(100_000));
    private static final FinalJob SECOND = job("second", Micros.ofMillis(120_000));
    private static final FinalJob THIRD = job("third", Micros.ofMillis(140_000));
    private static final List<FinalJob> ALL = List.of(FIRST, SECOND, THIRD);
    private static final SseReader.Block GAP = new SseReader.Block("1-0", "gap", "{\"reason\":\"log-lost\"}", null);

    @Test
    void who_was_told_of_all_missed_nothing() {
        assertThat(StreamChecks.untold(List.of(end(FIRST), end(SECOND), end(THIRD)), ALL))
                .isEmpty();
    }

    @Test
    void an_end_that_was_not_told_is_found() {
        assertThat(StreamChecks.untold(List.of(end(FIRST), end(THIRD)), ALL)).containsExactly(SECOND);
    }

    @Test
    void another_event_of_the_job_is_not_its_end() {
        SseReader.Block active =
                new SseReader.Block("1-0", "job.active", end(SECOND).data(), null);

        assertThat(StreamChecks.untold(List.of(end(FIRST), active, end(THIRD)), ALL))
                .containsExactly(SECOND);
    }

    @Test
    void a_gap_stands_for_what_should_have_come_where_it_is() {
        assertThat(StreamChecks.untold(List.of(end(FIRST), GAP, end(THIRD)), ALL))
                .isEmpty();
        assertThat(StreamChecks.untold(List.of(end(FIRST), GAP, GAP, end(THIRD)), ALL))
                .isEmpty();
        assertThat(StreamChecks.untold(List.of(end(FIRST), end(SECOND), GAP), ALL))
                .isEmpty();
    }

    @Test
    void a_gap_stands_for_nothing_long_before_or_after_it() {
        assertThat(StreamChecks.untold(List.of(end(SECOND), GAP, end(THIRD)), ALL))
                .containsExactly(FIRST);
        assertThat(StreamChecks.untold(List.of(end(FIRST), GAP, end(SECOND)), ALL))
                .containsExactly(THIRD);
    }

    private static SseReader.Block end(FinalJob job) {
        Instant at = Instant.EPOCH.plus(job.finishedAt(), ChronoUnit.MICROS);
        return new SseReader.Block(
                "1-0", "job." + job.state(), "{\"jobId\":\"%s\",\"at\":\"%s\"}".formatted(job.id(), at), null);
    }

    private static FinalJob job(String id, long after) {
        return new FinalJob(
                id, "default", "noop", "completed", 1, 3, 60_000, id, null, null, 0, null, BEGIN, BEGIN, BEGIN + after);
    }
}
