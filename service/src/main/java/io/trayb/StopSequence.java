package io.trayb;

import io.trayb.events.Events;
import io.trayb.health.Readiness;
import java.util.List;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens at SIGTERM before the server closes anything, in this order and on the thread that stops it:
 *
 * <ol>
 *   <li>{@code /readyz} says 503;
 *   <li>no more jobs are started here;
 *   <li>load balancers get {@code readiness.drainDelay} to turn away; until then all is answered as before;
 *   <li>remote workers that wait for a job are let go;
 *   <li>event streams are ended, spread over {@code events.drainWindow}, and polls answered;
 *   <li>running jobs get {@code jobs.shutdownGrace} to end, and what is left is given back.
 * </ol>
 *
 * <p>Then the ports are closed. So nobody is turned away from them while there is anything that he could still ask about.
 *
 * <p>All of it is here, and nothing else listens to the server for its stop, since listeners have no order of their own. It
 * can't be left to what is managed: the server stops that only after it has waited for its open requests, and a stream is one
 * that never ends. A step that fails is logged, and the next ones come all the same.
 */
final class StopSequence implements LifeCycle.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(StopSequence.class);

    /** One step. */
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    private record Step(String name, Action action) {}

    private final List<Step> steps;

    StopSequence(Readiness readiness, JobsPart jobs, Events events) {
        this.steps = List.of(
                new Step("saying that this process isn't ready", readiness::drain),
                new Step("starting no more jobs", jobs.stopClaiming()::run),
                new Step("waiting for load balancers", readiness::awaitTurnedAway),
                new Step("letting remote workers go", jobs.letRemoteWorkersGo()::run),
                new Step("ending event streams", events::endStreams),
                new Step("letting running jobs end", jobs.letRunningJobsEnd()));
    }

    @Override
    public void lifeCycleStopping(LifeCycle server) {
        for (Step step : steps) {
            try {
                step.action().run();
            } catch (InterruptedException e) {
                // Whoever stops the server is in a hurry: what comes next is begun and not waited for.
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                LOGGER.error("Stopping goes on, although {} failed", step.name(), e);
            }
        }
    }
}
