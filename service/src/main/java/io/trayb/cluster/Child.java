package io.trayb.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One service process, as {@link Slot} and {@link Replacement} see it: they decide what is to become of it, {@link ChildProcess} does
 * it. Not thread-safe: the supervisor's loop alone uses it.
 */
interface Child {
    long pid();

    boolean isAlive();

    /** Finds out what has become of it; never waits. Says so when it is ready for the first time. */
    void look();

    /** Where its own admin port is; null until it has opened its ports. */
    @Nullable
    String adminUrl();

    boolean isReady();

    /** Whether it is ready, or was once. */
    boolean wasReady();

    /** Since its start. */
    Duration age();

    /** For how long it has been up, counted from when it was first ready; zero if it never was. */
    Duration served();

    /** For how long it has answered nothing; zero until it has opened its ports. */
    Duration silence();

    /** Tells it to leave the shared ports to the others, to end what it has open, and to end. */
    void leave();

    /** SIGTERM. */
    void terminate();

    /** SIGKILL. */
    void kill();

    /** How it ended, for a sentence; it must have. */
    String end();

    /** The same of one that was asked to end: a JVM that ends in good order at SIGTERM has the code of that signal. */
    String endOfStop();

    /** Takes away what it leaves behind, once it has ended. */
    void clear();
}
