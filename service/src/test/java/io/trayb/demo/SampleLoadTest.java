package io.trayb.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleLoadTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 11, 12, 60, 10_000})
    void there_are_as_many_jobs_as_asked_for(int count) {
        assertThat(SampleLoad.of(count)).hasSize(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void a_count_out_of_range_is_refused_with_the_range(int count) {
        assertThatThrownBy(() -> SampleLoad.of(count))
                .hasMessage("--jobs is " + count + "; it must be from 1 to 10000");
    }

    @Test
    void the_load_mixes_types_queues_priorities_delays_and_ends() {
        var load = SampleLoad.of(12);
        assertThat(load).extracting(SampleJob::type).contains("noop", "echo", "sleep", "fail");
        assertThat(load.stream().map(SampleJob::queue).distinct()).hasSize(3);
        assertThat(load.stream().map(SampleJob::priority).distinct()).hasSizeGreaterThan(3);
        assertThat(load).anyMatch(job -> job.delayMs() > 0);
        assertThat(load).extracting(SampleJob::end).contains(JobState.COMPLETED, JobState.FAILED);
    }

    @Test
    void every_queue_has_a_name_that_the_contract_allows() {
        assertThat(SampleLoad.of(12)).allSatisfy(job -> assertThat(job.queue()).matches("[a-z0-9][a-z0-9._-]{0,63}"));
    }

    @Test
    void what_fails_on_purpose_says_so_and_what_recovers_has_the_attempts_for_it() {
        assertThat(SampleLoad.of(12))
                .filteredOn(job -> job.type().equals("fail"))
                .allSatisfy(job -> {
                    Object times = job.payload().get("times");
                    boolean recovers = times instanceof Integer number && number < job.maxAttempts();
                    assertThat(job.end()).isEqualTo(recovers ? JobState.COMPLETED : JobState.FAILED);
                });
    }
}
