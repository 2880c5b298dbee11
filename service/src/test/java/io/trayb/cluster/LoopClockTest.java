package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopClockTest {
    private final AtomicLong wall = new AtomicLong(1_000_000);
    private final LoopClock clock = new LoopClock(wall::get);

    private void pass(Duration duration) {
        wall.addAndGet(duration.toNanos());
        clock.turn();
    }

    @Test
    void turns_count_for_as_long_as_they_took() {
        for (int i = 0; i < 3; i++) {
            pass(Duration.ofMillis(100));
        }

        assertThat(clock.getAsLong()).isEqualTo(Duration.ofMillis(300).toNanos());
    }

    @Test
    void a_supervisor_that_stood_still_takes_nobody_for_silent() {
        Pulse pulse = new Pulse(CompletableFuture::new, clock);
        pulse.look();
        pass(Duration.ofMinutes(10));

        assertThat(pulse.silence()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_process_that_answers_nothing_while_it_is_asked_is_silent() {
        Pulse pulse = new Pulse(CompletableFuture::new, clock);
        for (int i = 0; i < 310; i++) {
            pulse.look();
            pass(Duration.ofMillis(100));
        }

        assertThat(pulse.silence()).isEqualTo(Duration.ofSeconds(31));
    }
}
