package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.cluster.ProcessState.State;
import io.trayb.roles.Roles;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlotTest {
    private final ClusterConfiguration configuration = ClusterConfiguration.defaults();
    private final TestChild.Started started = new TestChild.Started();
    private final Slot slot = new Slot(
            new Member("jobs-1", Roles.ALL),
            started,
            configuration,
            new RestartPauses(configuration, () -> 0.5),
            started.clock::get);

    @BeforeEach
    void start() {
        slot.start();
    }

    private void dieQuickly(int times) {
        for (int i = 0; i < times; i++) {
            started.last().die();
            slot.look();
            started.pass(Duration.ofMinutes(1));
            slot.look();
        }
    }

    @Test
    void it_is_hopeless_when_processes_have_died_quickly_too_often_and_the_present_one_was_never_ready() {
        dieQuickly(4);
        assertThat(slot.isHopeless()).isFalse();
        dieQuickly(1);
        assertThat(slot.isHopeless()).isTrue();
    }

    @Test
    void one_answer_that_fails_makes_no_process_hopeless_that_was_ready() {
        dieQuickly(5);
        started.last().becomeReady();
        slot.look();
        started.last().becomeUnready();
        slot.look();

        assertThat(slot.isHopeless()).isFalse();
    }

    @Test
    void who_has_served_for_long_enough_has_made_good_for_the_quick_deaths_before() {
        dieQuickly(5);
        started.last().becomeReady();
        started.pass(configuration.quickDeath().toJavaDuration());
        slot.look();

        assertThat(slot.fate()).contains("ended 0 times in a row");
    }

    @Test
    void a_process_that_hangs_is_killed_once() {
        TestChild child = started.last().becomeReady();
        child.silence = configuration.hungAfter().toJavaDuration().plusMillis(1);
        for (int i = 0; i < 3; i++) {
            slot.look();
        }

        assertThat(child.kills).isEqualTo(1);
    }

    @Test
    void a_successor_that_cannot_be_started_is_no_death_of_the_process_that_goes_on() {
        started.last().becomeReady();
        started.broken = true;
        slot.replace();
        slot.look();

        assertThat(slot.isReplacing()).isFalse();
        assertThat(slot.hasReplacementFailed()).isTrue();
        assertThat(slot.fate()).contains("ended 0 times in a row");
        assertThat(slot.state().state()).isEqualTo(State.READY);
    }
}
