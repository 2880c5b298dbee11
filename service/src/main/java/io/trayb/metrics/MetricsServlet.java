package io.trayb.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metrics}: everything that this process exports, in Prometheus' text format or in OpenMetrics as {@code Accept}
 * asks, compressed when the client can read that. Thread-safe.
 */
public final class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Each counter's time of birth, as a series more for each: nothing reads them, and they double what is scraped. */
    private static final String CREATED = "_created";

    private final transient CollectorRegistry registry;

    public MetricsServlet(Collectors collectors) {
        this.registry = collectors.registry();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String format = TextFormat.chooseContentType(request.getHeader("Accept"));
        boolean compressed = acceptsGzip(request.getHeader("Accept-Encoding"));
        // Whole before the first byte goes out: a collector that fails must become an error, not half an answer.
        byte[] body = body(format, compressed);
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

    private byte[] body(String format, boolean compressed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
        try (OutputStream out = compressed ? new GZIPOutputStream(bytes) : bytes;
                Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
            TextFormat.writeFormat(
                    format, writer, registry.filteredMetricFamilySamples((String name) -> !name.endsWith(CREATED)));
        }
        return bytes.toByteArray();
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
