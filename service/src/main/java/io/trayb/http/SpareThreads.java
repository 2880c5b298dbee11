package io.trayb.http;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Has the server give back the threads that only a burst needed. When thousands of clients come back at once, it has some five hundred
 * threads a second later, each with a tenth of a megabyte of stack that it has touched; of those that have been idle for
 * {@code server.idleThreadTimeout} Jetty by itself ends one in each such time, which takes it the rest of the day.
 */
final class SpareThreads {
    /** In so many times {@code server.idleThreadTimeout}, a minute as it is shipped, all of them are gone. */
    private static final int STEPS = 4;

    private SpareThreads() {}

    /** Sets it; a server with another kind of pool stays as it is. */
    static void giveBack(Server server) {
        if (server.getThreadPool() instanceof QueuedThreadPool pool) {
            pool.setMaxEvictCount(Math.max(1, pool.getMaxThreads() / STEPS));
        }
    }
}
