package io.trayb.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Writes down everything that this process exports. Thread-safe: nobody who records waits for it. */
public final class Exposition {
    /** Each counter's time of birth, as a series more for each: nothing reads them, and they double what is scraped. */
    private static final String CREATED = "_created";

    private static final int BUFFER = 64 * 1024;

    private final CollectorRegistry registry;

    public Exposition(Collectors collectors) {
        this.registry = collectors.registry();
    }

    /**
     * All of it.
     *
     * @param format the content type, as {@link TextFormat} knows it
     * @param compressed whether by gzip
     */
    public byte[] write(String format, boolean compressed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER);
        // The format's writer writes word by word, so there must be a buffer before whatever encodes and compresses.
        try (OutputStream out = compressed ? new FastGzip(bytes) : bytes;
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFER)) {
            TextFormat.writeFormat(
                    format, writer, registry.filteredMetricFamilySamples((String name) -> !name.endsWith(CREATED)));
        }
        return bytes.toByteArray();
    }

    /** At its fastest level: names and labels repeat so much that a slower one gains little, and Prometheus is near. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
