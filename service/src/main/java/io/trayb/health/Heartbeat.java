package io.trayb.health;

import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes one dependency again and again; what it found last can be read by any thread.
 *
 * <p>Owns the thread {@code trayb-probe-NAME}, woken by the clock; it ends when the service stops.
 */
final class Heartbeat {
    private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);

    /** Sooner than usual: how late a fault is noticed is promised, and it takes more than one failure. */
    private static final Duration AFTER_FAILURE = Duration.ofMillis(250);

    private final Probe probe;
    private final DependencyObserver observer;
    private final LongSupplier nanoTime;
    private final Duration interval;
    private final long staleAfterNanos;
    private final int failureAttempts;
    private final Loop loop;
    private volatile Found last;

    /** What was found, and when. */
    private record Found(Check check, long at) {}

    /** @param nanoTime a monotonic clock */
    Heartbeat(Probe probe, ReadinessConfiguration configuration, DependencyObserver observer, LongSupplier nanoTime) {
        this.probe = probe;
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.interval = configuration.probeInterval().toJavaDuration();
        this.staleAfterNanos = configuration.staleAfter().toJavaDuration().toNanos();
        this.failureAttempts = configuration.failureAttempts(probe.name());
        this.loop = new Loop("probe-" + probe.name(), this::look);
        this.last = new Found(Check.UNKNOWN, nanoTime.getAsLong());
    }

    void start() {
        loop.start();
    }

    /** Asks it to end after the probe that it is at. Never blocks. */
    void endAfterRound() {
        loop.endAfterRound();
    }

    /** Waits for its end, and gives back what the probe holds. */
    void stop(Duration atMost) throws InterruptedException {
        loop.stop(atMost);
        probe.close();
    }

    String name() {
        return probe.name();
    }

    /** Probes once; returns how long until the next time. */
    Duration look() throws InterruptedException {
        long began = nanoTime.getAsLong();
        Check found;
        Check before;
        boolean up = false;
        try {
            probe.probe();
            before = check();
            found = Check.ok(millisSince(began));
            up = true;
        } catch (InterruptedException e) {
            throw e;
        } catch (ProbeFailure e) {
            before = check();
            found = failed(before, began, e);
        } catch (Exception e) {
            // Whatever it is, the dependency isn't as it should be, and the next probe comes all the same.
            before = check();
            found = failed(before, began, ProbeFailure.passing("it can't be asked", e));
        }
        tell(before, found);
        last = new Found(found, nanoTime.getAsLong());
        try {
            observer.probed(probe.name(), up, Duration.ofNanos(nanoTime.getAsLong() - began));
        } catch (RuntimeException e) {
            LOGGER.error("Counting a probe of {} failed; probing goes on", probe.name(), e);
        }
        return found.isWavering() && AFTER_FAILURE.compareTo(interval) < 0 ? AFTER_FAILURE : interval;
    }

    /**
     * One that was up stays so for a while; before it was up for the first time there is nothing to hold on to.
     *
     * @param before what everybody was told until now: down, too, if this answer took too long
     */
    private Check failed(Check before, long began, ProbeFailure failure) {
        int failures = before.failures() + 1;
        if (before.isOk() && !failure.isSettled() && failures < failureAttempts) {
            LOGGER.info(
                    "{} failed {} of the {} probes in a row that it takes to be down: {}",
                    probe.name(),
                    failures,
                    failureAttempts,
                    failure.detail());
            return Check.wavering(millisSince(began), failures);
        }
        return Check.down(millisSince(began), failure.reason(), failure.detail(), failures);
    }

    /** What is known now; a probe that hangs makes its dependency down once its last answer is too old. */
    Check check() {
        Found known = last;
        long age = nanoTime.getAsLong() - known.at();
        if (age > staleAfterNanos) {
            String sentence = "no answer for " + TimeUnit.NANOSECONDS.toMillis(age) + " ms";
            return Check.down(
                    known.check().latencyMs(), sentence, sentence, known.check().failures());
        }
        return known.check();
    }

    private void tell(Check before, Check now) {
        if (now.isOk() && !before.isOk()) {
            LOGGER.info("{} is there", probe.name());
        } else if (!now.isOk() && !Objects.equals(now.detail(), before.detail())) {
            LOGGER.warn("Waiting for {}: {}", probe.name(), now.detail());
        }
    }

    private long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - began);
    }
}
