package io.trayb.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoreboardTest {
    private final ObjectMapper json = new ObjectMapper();
    private final Scoreboard board = new Scoreboard();

    @Test
    void a_job_is_followed_from_its_submission_to_its_end() {
        board.expect("a", SampleJob.of("q", "noop", Map.of()));
        assertThat(Display.counts(board)).isEqualTo("1 waiting");
        assertThat(board.apply("job.active", about("a"))).isTrue();
        assertThat(Display.counts(board)).isEqualTo("1 active");
        assertThat(board.isOver()).isFalse();
        assertThat(board.apply("job.completed", about("a").put("durationMs", 12)))
                .isTrue();
        assertThat(board.isOver()).isTrue();
        assertThat(board.surprises()).isEmpty();
        assertThat(board.queues()).singleElement().satisfies(queue -> {
            assertThat(queue.endedAs(JobState.COMPLETED)).isEqualTo(1);
            assertThat(queue.medianMs()).isEqualTo(12);
        });
    }

    @Test
    void jobs_of_others_are_left_out() {
        board.expect("a", SampleJob.of("q", "noop", Map.of()));
        assertThat(board.apply("job.completed", about("b"))).isFalse();
        assertThat(board.ended()).isZero();
    }

    @Test
    void an_attempt_that_will_be_retried_counts_as_failed_but_the_job_goes_on() {
        board.expect("a", SampleJob.of("q", "fail", Map.of()).failingAfter(2));
        board.apply("job.delayed", about("a").put("error", "no"));
        assertThat(board.isOver()).isFalse();
        board.apply("job.failed", about("a").put("error", "no"));
        assertThat(board.isOver()).isTrue();
        assertThat(board.queues())
                .singleElement()
                .satisfies(queue -> assertThat(queue.failedAttempts()).isEqualTo(2));
        assertThat(board.surprises()).isEmpty();
    }

    @Test
    void a_delayed_job_has_not_failed() {
        board.expect("a", SampleJob.of("q", "noop", Map.of()).delayedBy(100));
        board.apply("job.delayed", about("a").putNull("error"));
        assertThat(board.queues())
                .singleElement()
                .satisfies(queue -> assertThat(queue.failedAttempts()).isZero());
    }

    @Test
    void an_older_event_does_not_undo_an_end_that_was_read_after_a_gap() {
        board.expect("a", SampleJob.of("q", "noop", Map.of()));
        board.correct("a", JobState.COMPLETED);
        board.apply("job.active", about("a"));
        assertThat(board.isOver()).isTrue();
        assertThat(board.unfinished()).isEmpty();
    }

    @Test
    void a_job_that_ends_otherwise_than_meant_is_named() {
        board.expect("a", SampleJob.of("q", "noop", Map.of()));
        board.apply("job.failed", about("a").put("error", "no"));
        assertThat(board.surprises()).singleElement().asString().contains("a (noop on q) is failed", "completed");
    }

    @Test
    void progress_and_events_of_a_newer_service_change_no_count() {
        board.expect("a", SampleJob.of("q", "sleep", Map.of()));
        assertThat(board.apply("job.progress", about("a").put("progress", 50))).isTrue();
        assertThat(board.apply("job.teleported", about("a"))).isTrue();
        assertThat(Display.counts(board)).isEqualTo("1 waiting");
    }

    private ObjectNode about(String id) {
        return json.createObjectNode().put("jobId", id);
    }
}
