package io.trayb.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a client hear why its body was refused. The answer goes out at once; what the client is still sending is then read and
 * thrown away for a while. A connection that is closed with unread bytes in it is reset, and many clients lose the answer by
 * that.
 */
final class RefusedBodyFilter implements Filter {
    /** Set on a request whose body was refused. */
    static final String REFUSED = "io.trayb.http.refused-body";

    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedBodyFilter.class);
    /** Four times the largest body that is taken anywhere: who sends more than that doesn't listen. */
    private static final long MOST = 4L * BodyLimit.BATCH;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;

    RefusedBodyFilter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (request.getAttribute(REFUSED) == null || request.isAsyncStarted()) {
            return;
        }
        try {
            response.flushBuffer();
            discard(request.getInputStream());
        } catch (IOException | RuntimeException e) {
            // The client is gone or sends what isn't HTTP; it has its answer, and nothing else is owed to it.
            LOGGER.debug("reading the rest of a refused body ended early", e);
        }
    }

    private void discard(InputStream body) throws IOException {
        long deadline = nanoTime.getAsLong() + LONGEST.toNanos();
        byte[] buffer = new byte[16 * 1024];
        long total = 0;
        int read = body.read(buffer);
        while (read >= 0 && total < MOST && nanoTime.getAsLong() - deadline < 0) {
            total += read;
            read = body.read(buffer);
        }
    }
}
