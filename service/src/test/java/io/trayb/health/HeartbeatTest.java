package io.trayb.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.util.Duration;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many failures it takes, probe by probe; time goes on when it is told to. */
class HeartbeatTest {
    private static final String PLAIN = "it is out of reach";
    private static final String DETAIL = "Connection to db-7.internal:5432 refused for user trayb_rw";

    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicLong nanoTime = new AtomicLong();
    private final List<Boolean> observed = new ArrayList<>();
    private final Heartbeat heartbeat = heartbeat(2);
    private Runnable whileAsked = () -> {};

    private Heartbeat heartbeat(int attempts) {
        Probe probe = new Probe() {
            @Override
            public String name() {
                return "postgres";
            }

            @Override
            public void probe() throws Exception {
                whileAsked.run();
                Exception thrown = failure.get();
                if (thrown != null) {
                    throw thrown;
                }
            }

            @Override
            public void close() {}
        };
        ReadinessConfiguration configuration = new ReadinessConfiguration(
                Set.of("postgres"),
                Duration.seconds(1),
                Duration.seconds(3),
                Map.of("postgres", attempts),
                Duration.seconds(0));
        return new Heartbeat(probe, configuration, (dependency, up, latency) -> observed.add(up), nanoTime::get);
    }

    private Check probed(@Nullable Exception thrown) throws InterruptedException {
        return probed(heartbeat, thrown);
    }

    private Check probed(Heartbeat asked, @Nullable Exception thrown) throws InterruptedException {
        failure.set(thrown);
        asked.look();
        return asked.check();
    }

    private static ProbeFailure passing() {
        return ProbeFailure.passing(PLAIN, new SQLException(DETAIL));
    }

    @Test
    void one_failure_turns_no_node_away_and_the_second_in_a_row_does() throws Exception {
        assertThat(probed(null).isOk()).isTrue();

        Check once = probed(passing());
        assertThat(once.isOk()).isTrue();
        assertThat(once.toEverybody()).isEqualTo(new Check.Shown("ok", 0L, null, 1));

        Check twice = probed(passing());
        assertThat(twice.isOk()).isFalse();
        assertThat(twice.failures()).isEqualTo(2);
    }

    @Test
    void failures_with_an_answer_in_between_are_not_in_a_row() throws Exception {
        probed(null);
        for (int i = 0; i < 5; i++) {
            assertThat(probed(passing()).isOk()).isTrue();
            assertThat(probed(null).failures()).isZero();
        }
        assertThat(observed).containsExactly(true, false, true, false, true, false, true, false, true, false, true);
    }

    @Test
    void as_many_as_are_set_it_takes() throws Exception {
        Heartbeat patient = heartbeat(4);
        probed(patient, null);
        for (int i = 0; i < 3; i++) {
            assertThat(probed(patient, passing()).isOk()).isTrue();
        }
        assertThat(probed(patient, passing()).isOk()).isFalse();
    }

    @Test
    void what_is_said_for_sure_counts_at_once() throws Exception {
        probed(null);
        assertThat(probed(ProbeFailure.settled("read-only: this is a standby")).isOk())
                .isFalse();
        assertThat(probed(null).isOk()).as("and one good answer is enough").isTrue();
    }

    @Test
    void before_the_first_good_answer_it_is_not_ready_whatever_comes() throws Exception {
        assertThat(heartbeat.check().status()).isEqualTo("unknown");
        assertThat(probed(passing()).status()).isEqualTo("down");
        assertThat(probed(null).isOk()).isTrue();
    }

    @Test
    void after_a_failure_that_is_let_pass_the_next_probe_comes_sooner() throws Exception {
        assertThat(heartbeat.look()).isEqualTo(java.time.Duration.ofSeconds(1));
        failure.set(passing());
        assertThat(heartbeat.look()).isEqualTo(java.time.Duration.ofMillis(250));
        assertThat(heartbeat.look()).isEqualTo(java.time.Duration.ofSeconds(1));
    }

    @Test
    void a_probe_that_never_returns_makes_it_down_without_a_second_one() throws Exception {
        probed(null);
        nanoTime.addAndGet(java.time.Duration.ofSeconds(3).toNanos());
        assertThat(heartbeat.check().isOk()).isTrue();
        nanoTime.addAndGet(java.time.Duration.ofMillis(1).toNanos());
        assertThat(heartbeat.check().toEverybody().error()).isEqualTo("no answer for 3001 ms");
    }

    @Test
    void an_answer_that_took_too_long_and_is_a_failure_does_not_make_it_up_again() throws Exception {
        probed(null);
        whileAsked = () -> nanoTime.addAndGet(java.time.Duration.ofSeconds(4).toNanos());

        Check down = probed(passing());

        assertThat(down.isOk()).isFalse();
        assertThat(down.toEverybody().error()).isEqualTo(PLAIN);
    }

    @Test
    void everybody_reads_a_plain_reason_and_operators_what_the_driver_said() throws Exception {
        Check down = probed(passing());
        assertThat(down.toEverybody().error()).isEqualTo(PLAIN);
        assertThat(down.toOperators().error()).isEqualTo(DETAIL);

        // Of what nobody foresaw, too.
        Check unforeseen = probed(new IllegalStateException("password of trayb_rw\nand more"));
        assertThat(unforeseen.toEverybody().error()).isEqualTo("it can't be asked");
        assertThat(unforeseen.toOperators().error()).isEqualTo("password of trayb_rw");
    }
}
