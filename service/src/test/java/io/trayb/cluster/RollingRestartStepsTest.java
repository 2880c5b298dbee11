package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.roles.Roles;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rolling restart of three, step by step. That it costs nobody anything is tried by {@link ClusterTest}. */
class RollingRestartStepsTest {
    private final ClusterConfiguration configuration = ClusterConfiguration.defaults();
    private final TestChild.Started started = new TestChild.Started();
    private final List<Slot> slots = List.of(slot("jobs-1"), slot("api-2"), slot("api-3"));
    private final RollingRestart rolling = new RollingRestart(slots);

    private Slot slot(String name) {
        return new Slot(
                new Member(name, Roles.ALL),
                started,
                configuration,
                new RestartPauses(configuration, () -> 0.5),
                started.clock::get);
    }

    @BeforeEach
    void startAll() {
        slots.forEach(Slot::start);
        started.children.forEach(TestChild::becomeReady);
        look();
    }

    private void look() {
        slots.forEach(Slot::look);
        rolling.look();
    }

    private void ask() {
        rolling.ask();
        look();
    }

    private TestChild child(int number) {
        return started.children.get(number - 1);
    }

    private int starts() {
        return started.children.size();
    }

    @Test
    void each_is_replaced_when_the_one_before_has_left() {
        ask();
        assertThat(starts()).isEqualTo(4);
        child(4).becomeReady();
        look();
        assertThat(child(1).left).isTrue();
        look();
        assertThat(starts()).isEqualTo(4);
        child(1).die();
        look();
        assertThat(starts()).isEqualTo(5);
    }

    @Test
    void where_there_is_no_process_one_is_started_and_the_next_waits_until_it_is_ready() {
        child(1).die();
        look();

        ask();
        assertThat(starts()).isEqualTo(4);
        look();
        assertThat(starts()).isEqualTo(4);
        child(4).becomeReady();
        look();
        assertThat(starts()).isEqualTo(5);
    }

    @Test
    void what_failed_before_does_not_end_the_next_one() {
        ask();
        child(4).die();
        look();
        look();
        assertThat(starts()).isEqualTo(4);
        child(1).die();
        look();

        ask();
        child(5).becomeReady();
        look();
        assertThat(starts()).isEqualTo(6);
    }

    @Test
    void a_successor_that_takes_over_early_is_waited_for() {
        ask();
        child(1).die();
        look();
        look();
        assertThat(starts()).isEqualTo(4);
        child(4).becomeReady();
        look();
        assertThat(starts()).isEqualTo(5);
    }

    @Test
    void a_successor_that_has_taken_over_and_does_not_get_ready_ends_it() {
        ask();
        child(1).die();
        look();
        started.pass(configuration.startWithin().toJavaDuration().plusSeconds(1));
        look();
        look();

        assertThat(slots.get(0).isReplacing()).isFalse();
        assertThat(slots.get(0).hasReplacementFailed()).isTrue();
        assertThat(child(2).left).isFalse();
    }

    @Test
    void a_new_process_that_dies_while_the_old_one_leaves_ends_it() {
        ask();
        child(4).becomeReady();
        look();
        child(4).die();
        look();
        child(1).die();
        for (int i = 0; i < 3; i++) {
            started.pass(Duration.ofSeconds(1));
            look();
            started.last().becomeReady();
        }

        assertThat(starts()).as("one more in the first's place").isEqualTo(5);
        assertThat(slots.get(0).hasReplacementFailed()).isTrue();
    }

    @Test
    void a_new_process_that_dies_while_the_next_one_is_replaced_ends_it() {
        ask();
        child(4).becomeReady();
        look();
        child(1).die();
        look();
        child(5).becomeReady();
        look();
        child(4).die();
        look();
        child(2).die();
        look();
        look();

        assertThat(starts()).isEqualTo(5);
        assertThat(child(3).left).isFalse();
    }

    @Test
    void an_old_process_that_does_not_end_is_killed_once_also_when_its_successor_is_gone() {
        ask();
        child(4).becomeReady();
        look();
        child(4).die();
        look();
        started.pass(configuration.stopWithin().toJavaDuration().plusSeconds(1));
        for (int i = 0; i < 3; i++) {
            look();
        }

        assertThat(child(1).kills).isEqualTo(1);
    }
}
