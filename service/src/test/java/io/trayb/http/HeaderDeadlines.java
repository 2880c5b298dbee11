package io.trayb.http;

import java.time.Duration;
import org.eclipse.jetty.server.Server;

/** Lets a running server believe that more time has passed than a header may take. */
public final class HeaderDeadlines {
    private static final Duration LONGER_THAN_IT_MAY = Duration.ofSeconds(11);

    private HeaderDeadlines() {}

    /** Closes each connection on which what has come by now should have ended by then. */
    public static void pass(Server server) {
        HeaderDeadline deadline = server.getDescendant(HeaderDeadline.class);
        long now = System.nanoTime();
        deadline.closeLate(now);
        deadline.closeLate(now + LONGER_THAN_IT_MAY.toNanos());
    }
}
