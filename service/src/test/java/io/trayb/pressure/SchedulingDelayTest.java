package io.trayb.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulingDelayTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private long nanos = Duration.ofDays(3).toNanos();
    private final SchedulingDelay delay = new SchedulingDelay(() -> nanos);

    @BeforeEach
    void begin() {
        delay.measures(tasks::add);
        after(Duration.ofSeconds(20));
        delay.begin();
    }

    private void after(Duration time) {
        nanos += time.toNanos();
    }

    private void lookInTime() {
        after(delay.look());
    }

    private void doTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void the_time_before_the_first_look_is_no_delay() {
        assertThat(delay.worst()).isZero();
    }

    @Test
    void looks_in_time_and_free_threads_are_no_delay() {
        for (int i = 0; i < 30; i++) {
            lookInTime();
            doTasks();
        }

        assertThat(delay.worst()).isLessThanOrEqualTo(SchedulingDelay.EVERY);
    }

    @Test
    void a_process_that_stood_still_knows_before_its_next_look_and_for_a_second_after_it() {
        lookInTime();
        doTasks();

        after(Duration.ofSeconds(3));

        assertThat(delay.worst()).isEqualTo(Duration.ofSeconds(3));
        for (int i = 0; i < 9; i++) {
            lookInTime();
            doTasks();
            assertThat(delay.worst()).isEqualTo(Duration.ofSeconds(3));
        }
        for (int i = 0; i < 3; i++) {
            lookInTime();
            doTasks();
        }
        assertThat(delay.worst()).isLessThanOrEqualTo(SchedulingDelay.EVERY);
    }

    @Test
    void threads_that_are_all_busy_show_while_they_are() {
        for (int i = 0; i < 20; i++) {
            lookInTime();
        }

        assertThat(tasks).hasSize(1);
        assertThat(delay.worst()).isEqualTo(Duration.ofSeconds(2));
        doTasks();
        after(Duration.ofMillis(500));
        assertThat(delay.worst()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void threads_that_take_nothing_more_let_it_wait_until_they_do() {
        delay.measures(task -> {
            throw new RejectedExecutionException();
        });
        for (int i = 0; i < 20; i++) {
            lookInTime();
        }
        assertThat(delay.worst()).isEqualTo(Duration.ofSeconds(2));

        delay.measures(tasks::add);
        lookInTime();
        doTasks();

        assertThat(tasks).isEmpty();
        for (int i = 0; i < 15; i++) {
            lookInTime();
            doTasks();
        }
        assertThat(delay.worst()).isLessThanOrEqualTo(SchedulingDelay.EVERY);
    }
}
