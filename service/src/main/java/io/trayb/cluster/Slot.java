package io.trayb.cluster;

import io.trayb.cluster.ProcessState.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the cluster: keeps a process running in its place. Not thread-safe: the supervisor's loop alone uses it.
 *
 * <pre>
 *   start ──▶ current ──ends by itself──▶ pause ──▶ start
 *                │
 *             replace: a {@link Replacement} until the old one has ended
 * </pre>
 */
final class Slot {
    private static final Logger LOGGER = LoggerFactory.getLogger(Slot.class);
    private static final double MILLIS = 1000;

    private final Member member;
    private final Launcher launcher;
    private final ClusterConfiguration configuration;
    private final RestartPauses pauses;
    private final LongSupplier nanoTime;

    private @Nullable Child current;
    private @Nullable Replacement replacement;
    /** What hung last: a process may take a while to be gone. */
    private @Nullable Child killed;
    /** What was told to end for good. */
    private final List<Child> ending = new ArrayList<>();

    private boolean stopping;
    private long startAt;
    private int restarts;
    private String lastEnd = "was never started";

    Slot(
            Member member,
            Launcher launcher,
            ClusterConfiguration configuration,
            RestartPauses pauses,
            LongSupplier nanoTime) {
        this.member = member;
        this.launcher = launcher;
        this.configuration = configuration;
        this.pauses = pauses;
        this.nanoTime = nanoTime;
    }

    String name() {
        return member.name();
    }

    /** Starts its first process. */
    void start() {
        current = startOrPause();
    }

    private @Nullable Child startOrPause() {
        try {
            return launch();
        } catch (IOException e) {
            lastEnd = "couldn't be started: " + e.getMessage();
            pause(Duration.ZERO, "");
            return null;
        }
    }

    private @Nullable Child startBeside(Child old) {
        try {
            return launch();
        } catch (IOException e) {
            LOGGER.error(
                    "The new process of {} couldn't be started: {}; the old one ({}) goes on",
                    name(),
                    e.getMessage(),
                    old.pid());
            return null;
        }
    }

    private Child launch() throws IOException {
        Child child = launcher.start(member);
        LOGGER.info("{} is started (process {}): {}", name(), child.pid(), member.roles());
        return child;
    }

    /** Sees what has become of its processes, and does what follows; never waits. */
    void look() {
        if (stopping) {
            buryEnded();
            return;
        }
        if (current == null) {
            if (nanoTime.getAsLong() - startAt >= 0) {
                current = startOrPause();
            }
        } else if (current.isAlive()) {
            lookAt(current);
        } else {
            current = bury(current);
        }
        if (replacement != null && !replacement.isOver()) {
            current = replacement.look(current);
        }
    }

    private void lookAt(Child child) {
        child.look();
        if (child.served().compareTo(configuration.quickDeath().toJavaDuration()) >= 0) {
            pauses.forget();
        }
        if (isStuck(child) && !child.equals(killed)) {
            LOGGER.error("{} (process {}) hangs: killing it", name(), child.pid());
            child.kill();
            killed = child;
        }
    }

    /** It doesn't open its ports, or answers nothing any more: connections that the kernel gives it would hang as well. */
    private boolean isStuck(Child child) {
        return child.adminUrl() == null
                ? child.age().toMillis() > configuration.startWithin().toMilliseconds()
                : child.silence().toMillis() > configuration.hungAfter().toMilliseconds();
    }

    /** Returns the process that is in its place now, if there is one. */
    private @Nullable Child bury(Child child) {
        child.clear();
        lastEnd = child.end();
        Child next = replacement == null ? null : replacement.takeOver(child);
        if (next == null) {
            restarts++;
            pause(child.served(), " (process " + child.pid() + ")");
        } else {
            LOGGER.warn("{} (process {}) {} before the next one was ready", name(), child.pid(), lastEnd);
        }
        return next;
    }

    private void pause(Duration served, String which) {
        Duration pause = pauses.afterDeath(served);
        startAt = nanoTime.getAsLong() + pause.toNanos();
        LOGGER.warn("{}{} {}; it is started again in {} s", name(), which, lastEnd, pause.toMillis() / MILLIS);
    }

    /** Begins to put a new process in the place of the present one; where there is none, one is started at once. */
    void replace() {
        pauses.forget();
        if (current == null) {
            current = startOrPause();
            replacement = Replacement.ofNone(name(), current, configuration, nanoTime);
        } else {
            LOGGER.info("Replacing {} (process {})", name(), current.pid());
            replacement = Replacement.beside(name(), startBeside(current), configuration, nanoTime);
        }
    }

    /** Whether what {@link #replace} began isn't over: the old process isn't gone, or the new one isn't ready. */
    boolean isReplacing() {
        return replacement != null && !replacement.isOver();
    }

    /** Whether what {@link #replace} began last came to nothing, or its new process has ended since. */
    boolean hasReplacementFailed() {
        return replacement != null && replacement.hasFailed();
    }

    boolean isReady() {
        return current != null && current.isReady();
    }

    /**
     * Whether its processes have died quickly as often as is borne, and the present one wasn't ready yet. One that was may serve,
     * whatever it said last.
     */
    boolean isHopeless() {
        return pauses.areTooMany() && (current == null || !current.wasReady());
    }

    /** What its processes have come to, for the sentence with which the cluster gives up. */
    String fate() {
        return name() + " ended " + pauses.quickDeaths()
                + " times in a row before it was ready or soon after, the last time it " + lastEnd;
    }

    /** Asks all its processes to end; no other is started. */
    void stop() {
        stopping = true;
        if (current != null) {
            ending.add(current);
            current = null;
        }
        if (replacement != null) {
            replacement.children().forEach(ending::add);
            replacement = null;
        }
        ending.forEach(Child::terminate);
    }

    /** Ends without asking what {@link #stop} has asked in vain. */
    void kill() {
        ending.forEach(Child::kill);
    }

    private void buryEnded() {
        ending.removeIf(child -> {
            if (child.isAlive()) {
                return false;
            }
            LOGGER.info("{} (process {}) {}", name(), child.pid(), child.endOfStop());
            child.clear();
            return true;
        });
    }

    /** Whether it was stopped and none of its processes is left. */
    boolean hasEnded() {
        return stopping && ending.isEmpty();
    }

    ProcessState state() {
        return new ProcessState(
                name(),
                member.roles().names(),
                stage(),
                current == null ? null : current.pid(),
                current == null ? null : current.adminUrl(),
                restarts);
    }

    private State stage() {
        if (stopping) {
            return State.STOPPING;
        }
        if (current == null) {
            return State.PAUSING;
        }
        if (current.adminUrl() == null) {
            return State.STARTING;
        }
        return current.isReady() ? State.READY : State.DEGRADED;
    }
}
