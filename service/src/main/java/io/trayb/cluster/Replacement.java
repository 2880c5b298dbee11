package io.trayb.cluster;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process taking the place of another: the new one is ready before the old one leaves the port, and until then nothing is lost
 * by going back. Where there is no old one, or it has ended before, the new one has the place at once. Not thread-safe.
 *
 * <p>It is over when the old one is gone and the new one is ready, or has failed.
 */
final class Replacement {
    private static final Logger LOGGER = LoggerFactory.getLogger(Replacement.class);

    private final String name;
    private final ClusterConfiguration configuration;
    private final LongSupplier nanoTime;
    /** Null if it couldn't be started. */
    private final @Nullable Child incomer;

    private boolean hasPlace;
    private @Nullable Child leaver;
    private long leavingSince;
    private boolean isLeaverKilled;
    /** Since when nothing is waited for but that the new one is ready. */
    private long awaitedSince;

    private boolean failed;

    private Replacement(
            String name,
            @Nullable Child incomer,
            boolean hasPlace,
            ClusterConfiguration configuration,
            LongSupplier nanoTime) {
        this.name = name;
        this.incomer = incomer;
        this.hasPlace = hasPlace;
        this.configuration = configuration;
        this.nanoTime = nanoTime;
        this.awaitedSince = nanoTime.getAsLong();
        this.failed = incomer == null;
    }

    /** @param incomer was just started, beside the one that has the place; null if that didn't succeed */
    static Replacement beside(
            String name, @Nullable Child incomer, ClusterConfiguration configuration, LongSupplier nanoTime) {
        return new Replacement(name, incomer, false, configuration, nanoTime);
    }

    /** @param incomer was just started where there was none; null if that didn't succeed */
    static Replacement ofNone(
            String name, @Nullable Child incomer, ClusterConfiguration configuration, LongSupplier nanoTime) {
        return new Replacement(name, incomer, true, configuration, nanoTime);
    }

    /**
     * Sees how far it is; never waits.
     *
     * @param current has the place, if one has
     * @return the process that has the place from now on
     */
    @Nullable
    Child look(@Nullable Child current) {
        if (leaver != null) {
            lookAtLeaver(leaver);
        }
        if (incomer == null || failed) {
            return current;
        }
        if (hasPlace) {
            lookAtNewOne(incomer);
            return current;
        }
        return current == null ? null : lookAtSuccessor(incomer, current);
    }

    private Child lookAtSuccessor(Child next, Child current) {
        next.look();
        if (!next.isAlive()) {
            giveUpOn(next, next.end());
        } else if (next.isReady()) {
            hasPlace = true;
            leaver = current;
            leavingSince = nanoTime.getAsLong();
            current.leave();
            return next;
        } else if (next.age().toMillis() > configuration.startWithin().toMilliseconds()) {
            next.kill();
            giveUpOn(next, "wasn't ready within " + configuration.startWithin());
        }
        return current;
    }

    private void giveUpOn(Child next, String why) {
        LOGGER.error("The new process of {} ({}) {}; the old one goes on", name, next.pid(), why);
        next.clear();
        failed = true;
    }

    /** The slot looks after it already, as after any that has the place. */
    private void lookAtNewOne(Child next) {
        if (leaver == null
                && !next.isReady()
                && since(awaitedSince) > configuration.startWithin().toMilliseconds()) {
            LOGGER.error(
                    "The new process of {} ({}) isn't ready within {}", name, next.pid(), configuration.startWithin());
            failed = true;
        }
    }

    private void lookAtLeaver(Child old) {
        if (!old.isAlive()) {
            LOGGER.info("The old process of {} ({}) {}", name, old.pid(), old.end());
            old.clear();
            leaver = null;
            awaitedSince = nanoTime.getAsLong();
        } else if (!isLeaverKilled
                && since(leavingSince) > configuration.stopWithin().toMilliseconds()) {
            LOGGER.error(
                    "The old process of {} ({}) hasn't ended within {}: killing it",
                    name,
                    old.pid(),
                    configuration.stopWithin());
            old.kill();
            isLeaverKilled = true;
        }
    }

    private long since(long then) {
        return Duration.ofNanos(nanoTime.getAsLong() - then).toMillis();
    }

    /** The process that had the place has ended by itself: the new one has it at once, unless it is the one that ended. */
    @Nullable
    Child takeOver(Child ended) {
        if (ended.equals(incomer)) {
            failed = true;
            return null;
        }
        if (incomer == null || failed || hasPlace) {
            return null;
        }
        hasPlace = true;
        awaitedSince = nanoTime.getAsLong();
        return incomer;
    }

    boolean isOver() {
        return leaver == null && (incomer == null || failed || (hasPlace && incomer.isReady()));
    }

    /** Whether the new process couldn't be started, didn't get ready, or has ended since. */
    boolean hasFailed() {
        return failed;
    }

    /** Its processes, apart from the one that has the place. */
    Stream<Child> children() {
        Child successor = hasPlace || failed ? null : incomer;
        return Stream.of(successor, leaver).filter(Objects::nonNull);
    }
}
