package io.trayb.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ProbeTest {
    private final AtomicBoolean answers = new AtomicBoolean(true);
    private final AtomicBoolean read = new AtomicBoolean(true);

    @Test
    void a_dependency_of_two_conditions_is_as_it_should_be_when_both_hold_and_says_which_does_not() {
        Probe probe = Probe.of("postgres", answers::get, "it doesn't answer").and(read::get, "keys aren't read");
        assertThat(probe.name()).isEqualTo("postgres");
        assertThatCode(probe::probe).doesNotThrowAnyException();

        read.set(false);
        assertThatThrownBy(probe::probe).hasMessage("keys aren't read");

        answers.set(false);
        assertThatThrownBy(probe::probe).hasMessage("it doesn't answer");
    }
}
