package io.trayb.health;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** {@code /healthz}: this process lives and answers. Asks no dependency: a restart mends none of them. */
final class LivenessServlet extends HttpServlet {
    private final transient ObjectMapper json;
    private final String version;
    private final transient LongSupplier nanoTime;
    private final long began;

    /** What it answers. */
    record Answer(String status, long uptimeMs, String version) {}

    LivenessServlet(ObjectMapper json, String version, LongSupplier nanoTime) {
        this.json = json;
        this.version = version;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long uptime = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - began);
        HealthAnswer.write(response, 200, json.writeValueAsBytes(new Answer("ok", uptime, version)));
    }
}
