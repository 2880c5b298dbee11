package io.trayb.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process should get traffic. Each dependency has a thread of its own that asks it ({@link Heartbeat}), so one that hangs
 * holds up nobody else's probe. Thread-safe.
 *
 * <p>Not dropwizard-health: its checks begin as healthy, know no latency, and a check that hangs keeps its last state.
 */
public final class Readiness implements Managed, LifeCycle.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Readiness.class);
    /** For each probe that hangs at the stop, beside the second that an interruption is given. */
    private static final Duration STOP = Duration.ofMillis(500);

    private final List<Heartbeat> heartbeats;
    private final Set<String> critical;
    private final Duration drainDelay;
    private final Supplier<?> pressure;
    private volatile Phase phase = Phase.STARTING;

    private enum Phase {
        STARTING,
        SERVING,
        DRAINING
    }

    /** What {@code /readyz} answers. */
    record Answer(
            String status,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String reason,

            Map<String, Object> checks) {
        boolean isReady() {
            return status.equals("ok");
        }
    }

    /**
     * Asks nobody before {@link #start}.
     *
     * @param pressure what is shown of how hard-pressed this process is; written as JSON
     */
    public Readiness(
            List<Probe> probes,
            ReadinessConfiguration configuration,
            DependencyObserver observer,
            Supplier<?> pressure,
            LongSupplier nanoTime) {
        this.pressure = pressure;
        this.heartbeats = probes.stream()
                .map(probe -> new Heartbeat(probe, configuration, observer, nanoTime))
                .toList();
        this.critical = Set.copyOf(configuration.critical());
        this.drainDelay = configuration.drainDelay().toJavaDuration();
    }

    @Override
    public void start() {
        heartbeats.forEach(Heartbeat::start);
    }

    @Override
    public void stop() throws InterruptedException {
        heartbeats.forEach(Heartbeat::endAfterRound);
        for (Heartbeat heartbeat : heartbeats) {
            heartbeat.stop(STOP);
        }
    }

    /** The server's ports are open and everything that it manages has been started. */
    @Override
    public void lifeCycleStarted(LifeCycle server) {
        phase = Phase.SERVING;
    }

    /** SIGTERM: not ready from now on. */
    public void drain() {
        phase = Phase.DRAINING;
    }

    /**
     * Waits for {@code readiness.drainDelay}, so that load balancers see that this process isn't ready before anything that it
     * answers changes.
     *
     * @throws InterruptedException when whoever stops the process is in a hurry
     */
    public void awaitTurnedAway() throws InterruptedException {
        if (!drainDelay.isZero()) {
            LOGGER.info("Draining for {} before anything is closed", drainDelay);
            boolean unused = new CountDownLatch(1).await(drainDelay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Whether it should get traffic now. */
    public boolean isReady() {
        return answer().isReady();
    }

    /** Why a dependency is down, in words for operators, or empty when it is up. */
    public Optional<String> error(String dependency) {
        return heartbeats.stream()
                .filter(heartbeat -> heartbeat.name().equals(dependency))
                .map(Heartbeat::check)
                .filter(check -> !check.isOk())
                .map(check -> check.detail() == null ? "not asked yet" : check.detail())
                .findFirst();
    }

    /** For everybody: names each check, and a plain reason. */
    Answer answer() {
        return answer(Check::toEverybody);
    }

    /** The same with what drivers and servers said. */
    Answer answerToOperators() {
        return answer(Check::toOperators);
    }

    private Answer answer(Function<Check, Check.Shown> shown) {
        Map<String, Object> checks = new LinkedHashMap<>();
        boolean down = false;
        for (Heartbeat heartbeat : heartbeats) {
            Check check = heartbeat.check();
            checks.put(heartbeat.name(), shown.apply(check));
            down |= !check.isOk() && critical.contains(heartbeat.name());
        }
        checks.put("pressure", pressure.get());
        String reason =
                switch (phase) {
                    case STARTING -> "starting";
                    case DRAINING -> "draining";
                    case SERVING -> null;
                };
        return new Answer(down || reason != null ? "degraded" : "ok", reason, checks);
    }
}
