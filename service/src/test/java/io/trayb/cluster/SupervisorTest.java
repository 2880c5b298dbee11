package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.roles.Roles;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private final ClusterConfiguration configuration = ClusterConfiguration.defaults();
    private final TestChild.Started started = new TestChild.Started();
    private final LoopClock clock = new LoopClock(System::nanoTime);
    private final Orders orders = new Orders(code -> {
        throw new AssertionError("halted with " + code);
    });
    private final AtomicInteger told = new AtomicInteger();

    private Slot slot(String name, Launcher launcher) {
        return new Slot(
                new Member(name, Roles.ALL),
                launcher,
                configuration,
                new RestartPauses(configuration, () -> 0.5),
                clock);
    }

    private Supervisor supervisor(Slot... slots) {
        return new Supervisor(
                List.of(slots),
                configuration,
                states -> {
                    told.incrementAndGet();
                    throw new IllegalStateException("nobody listens");
                },
                orders,
                clock);
    }

    private static CompletableFuture<Void> run(Supervisor supervisor) {
        return CompletableFuture.runAsync(() -> {
            try {
                supervisor.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void what_fails_for_one_member_ends_neither_the_loop_nor_the_others() {
        AtomicInteger tries = new AtomicInteger();
        Slot broken = slot("jobs-1", member -> {
            tries.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread");
        });
        Supervisor supervisor = supervisor(broken, slot("api-2", started));
        CompletableFuture<Void> running = run(supervisor);

        await().untilAsserted(() -> {
            assertThat(running).isNotDone();
            assertThat(tries).hasValueGreaterThan(1);
            assertThat(told).hasPositiveValue();
        });
        orders.stop();

        assertThat(running).succeedsWithin(5, TimeUnit.SECONDS);
        assertThat(started.children).singleElement().matches(child -> !child.isAlive());
    }

    @Test
    void who_is_told_to_stop_while_the_engines_start_starts_no_process() {
        orders.stop();

        assertThat(run(supervisor(slot("jobs-1", started)))).succeedsWithin(5, TimeUnit.SECONDS);
        assertThat(started.children).isEmpty();
    }
}
