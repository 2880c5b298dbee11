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
 * by going back. Not thread-safe.
 */
final class Replacement {
    private static final Logger LOGGER = LoggerFactory.getLogger(Replacement.class);

    private final String name;
    private final ClusterConfiguration configuration;
    private final LongSupplier nanoTime;
    private @Nullable Child successor;
    private @Nullable Child leaver;
    private long leavingSince;
    private boolean failed;

    /** @param successor was just started; null if that didn't succeed */
    Replacement(String name, @Nullable Child successor, ClusterConfiguration configuration, LongSupplier nanoTime) {
        this.name = name;
        this.successor = successor;
        this.configuration = configuration;
        this.nanoTime = nanoTime;
        this.failed = successor == null;
    }

    /**
     * Sees how far it is; never waits.
     *
     * @return the process that has the place from now on
     */
    Child look(Child current) {
        if (leaver != null) {
            lookAtLeaver(leaver);
        }
        return successor == null ? current : lookAtSuccessor(successor, current);
    }

    private Child lookAtSuccessor(Child next, Child current) {
        next.look();
        if (!next.isAlive()) {
            giveUpOn(next, next.end());
        } else if (next.isReady()) {
            successor = null;
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
        successor = null;
        failed = true;
    }

    private void lookAtLeaver(Child old) {
        if (!old.isAlive()) {
            LOGGER.info("The old process of {} ({}) {}", name, old.pid(), old.end());
            old.clear();
            leaver = null;
        } else if (Duration.ofNanos(nanoTime.getAsLong() - leavingSince).toMillis()
                > configuration.stopWithin().toMilliseconds()) {
            LOGGER.error(
                    "The old process of {} ({}) hasn't ended within {}: killing it",
                    name,
                    old.pid(),
                    configuration.stopWithin());
            old.kill();
        }
    }

    /** The old process has ended by itself before: the new one, if there is one, has its place at once. */
    @Nullable
    Child takeOver() {
        Child next = successor;
        successor = null;
        return next;
    }

    boolean isOver() {
        return successor == null && leaver == null;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Its processes, apart from the one that has the place. */
    Stream<Child> children() {
        return Stream.of(successor, leaver).filter(Objects::nonNull);
    }
}
