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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process should get traffic. Owns one thread per dependency ({@code health-probe}), woken by the clock about once a
 * second, stopped with the service; a dependency that hangs holds up nobody else's probe. Thread-safe.
 *
 * <p>Not dropwizard-health: its checks begin as healthy, know no latency, and a check that hangs keeps its last state.
 */
public final class Readiness implements Managed, LifeCycle.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Readiness.class);

    private final List<Heartbeat> heartbeats;
    private final Set<String> critical;
    private final Duration interval;
    private final Duration drainDelay;
    private final ScheduledExecutorService scheduler;
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

    public Readiness(
            List<Probe> probes,
            ReadinessConfiguration configuration,
            DependencyObserver observer,
            LongSupplier nanoTime) {
        Duration staleAfter = configuration.staleAfter().toJavaDuration();
        this.heartbeats = probes.stream()
                .map(probe -> new Heartbeat(probe, observer, nanoTime, staleAfter))
                .toList();
        this.critical = Set.copyOf(configuration.critical());
        this.interval = configuration.probeInterval().toJavaDuration();
        this.drainDelay = configuration.drainDelay().toJavaDuration();
        this.scheduler = Executors.newScheduledThreadPool(Math.max(1, heartbeats.size()), Readiness::thread);
    }

    @Override
    public void start() {
        heartbeats.forEach(heartbeat -> heartbeat.startOn(scheduler, interval));
    }

    @Override
    public void stop() throws InterruptedException {
        scheduler.shutdownNow();
        scheduler.awaitTermination(5, TimeUnit.SECONDS);
        heartbeats.forEach(Heartbeat::close);
    }

    /** The server's ports are open and everything that it manages has been started. */
    @Override
    public void lifeCycleStarted(LifeCycle server) {
        phase = Phase.SERVING;
    }

    /** SIGTERM: not ready from now on, and nothing else is stopped before load balancers have had time to see that. */
    @Override
    public void lifeCycleStopping(LifeCycle server) {
        phase = Phase.DRAINING;
        if (drainDelay.isZero()) {
            return;
        }
        LOGGER.info("Draining for {} before the ports are closed", drainDelay);
        try {
            new CountDownLatch(1).await(drainDelay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it should get traffic now. */
    public boolean isReady() {
        return answer().isReady();
    }

    /** Why a dependency is down, or empty when it is up. */
    public Optional<String> error(String dependency) {
        return heartbeats.stream()
                .filter(heartbeat -> heartbeat.name().equals(dependency))
                .map(Heartbeat::check)
                .filter(check -> !check.isOk())
                .map(check -> check.error() == null ? "not asked yet" : check.error())
                .findFirst();
    }

    Answer answer() {
        Map<String, Object> checks = new LinkedHashMap<>();
        boolean down = false;
        for (Heartbeat heartbeat : heartbeats) {
            Check check = heartbeat.check();
            checks.put(heartbeat.name(), check);
            down |= !check.isOk() && critical.contains(heartbeat.name());
        }
        checks.put("pressure", Pressure.now());
        String reason =
                switch (phase) {
                    case STARTING -> "starting";
                    case DRAINING -> "draining";
                    case SERVING -> null;
                };
        return new Answer(down || reason != null ? "degraded" : "ok", reason, checks);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "health-probe");
        thread.setDaemon(true);
        return thread;
    }
}
