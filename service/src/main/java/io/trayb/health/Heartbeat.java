package io.trayb.health;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes one dependency again and again on a scheduler's thread of its own, woken by the clock, until the scheduler is shut
 * down; what it found last can be read by any thread.
 */
final class Heartbeat implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);

    private final Probe probe;
    private final DependencyObserver observer;
    private final LongSupplier nanoTime;
    private final long staleAfterNanos;
    private volatile Found last;

    /** What was found, and when. */
    private record Found(Check check, long at) {}

    Heartbeat(Probe probe, DependencyObserver observer, LongSupplier nanoTime, Duration staleAfter) {
        this.probe = probe;
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.staleAfterNanos = staleAfter.toNanos();
        this.last = new Found(Check.UNKNOWN, nanoTime.getAsLong());
    }

    void startOn(ScheduledExecutorService scheduler, Duration interval) {
        // Nobody waits for it: it ends with the scheduler, and run() lets nothing through that would end it earlier.
        Future<?> unused = scheduler.scheduleWithFixedDelay(this, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    String name() {
        return probe.name();
    }

    @Override
    public void run() {
        long began = nanoTime.getAsLong();
        Check found;
        try {
            probe.probe();
            found = Check.ok(millisSince(began));
        } catch (Exception e) {
            // Whatever it is, the dependency isn't as it should be, and the next probe comes all the same.
            found = Check.down(millisSince(began), sentence(e));
        }
        tell(last.check(), found);
        last = new Found(found, nanoTime.getAsLong());
        try {
            observer.probed(probe.name(), found.isOk(), Duration.ofNanos(nanoTime.getAsLong() - began));
        } catch (RuntimeException e) {
            LOGGER.error("Counting a probe of {} failed; probing goes on", probe.name(), e);
        }
    }

    /** What is known now; a probe that hangs makes its dependency down once its last answer is too old. */
    Check check() {
        Found known = last;
        long age = nanoTime.getAsLong() - known.at();
        if (age > staleAfterNanos) {
            return Check.down(known.check().latencyMs(), "no answer for " + TimeUnit.NANOSECONDS.toMillis(age) + " ms");
        }
        return known.check();
    }

    void close() {
        probe.close();
    }

    private void tell(Check before, Check now) {
        if (now.isOk() && !before.isOk()) {
            LOGGER.info("{} is there", probe.name());
        } else if (!now.isOk() && !Objects.equals(now.error(), before.error())) {
            LOGGER.warn("Waiting for {}: {}", probe.name(), now.error());
        }
    }

    private long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - began);
    }

    private static String sentence(Exception e) {
        String message = e.getMessage();
        // One line: drivers add hints and stack-like details after the first.
        return message == null || message.isBlank()
                ? "it failed without saying why"
                : message.lines().findFirst().orElse(message);
    }
}
