package io.trayb.metrics;

import io.prometheus.client.exporter.common.TextFormat;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metrics}: everything that this process exports, in Prometheus' text format or in OpenMetrics as {@code Accept}
 * asks, compressed when the client can read that. Thread-safe.
 */
public final class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Exposition exposition;

    public MetricsServlet(Collectors collectors) {
        this.exposition = new Exposition(collectors);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String format = TextFormat.chooseContentType(request.getHeader("Accept"));
        boolean compressed = acceptsGzip(request.getHeader("Accept-Encoding"));
        // Whole before the first byte goes out: a collector that fails must become an error, not half an answer.
        byte[] body = exposition.write(format, compressed);
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType(format);
        response.setHeader("Vary", "Accept, Accept-Encoding");
        response.setHeader("Cache-Control", "no-store");
        if (compressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Whether the client can read gzip, by the codings that it lists; {@code q=0} says that it can't. */
    private static boolean acceptsGzip(@Nullable String codings) {
        if (codings == null) {
            return false;
        }
        for (String coding : codings.toLowerCase(Locale.ROOT).split(",", -1)) {
            String compact = coding.replace(" ", "");
            if (compact.startsWith("gzip")) {
                return !compact.matches("gzip;q=0(\\.0*)?");
            }
        }
        return false;
    }
}
