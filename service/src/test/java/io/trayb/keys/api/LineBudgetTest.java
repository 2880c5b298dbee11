package io.trayb.keys.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineBudgetTest {
    private final AtomicLong nanoTime = new AtomicLong();
    private final LineBudget budget = new LineBudget(2, nanoTime::get);

    @Test
    void so_many_lines_there_are_in_a_minute_and_the_next_one_says_how_many_were_left_out() {
        assertThat(budget.take()).hasValue(0);
        assertThat(budget.take()).hasValue(0);
        assertThat(budget.take()).isEmpty();
        assertThat(budget.take()).isEmpty();
        assertThat(budget.take()).isEmpty();

        nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(budget.take()).hasValue(3);
        assertThat(budget.take()).hasValue(0);
        assertThat(budget.take()).isEmpty();
    }
}
