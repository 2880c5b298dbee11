package io.trayb.metrics;

import io.trayb.monitoring.render.Artifacts;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /monitoring/…}: the rules, dashboards and thresholds that this process was built with. They are those of the
 * repository, byte for byte, as long as the configuration sets no threshold otherwise. Thread-safe.
 */
public final class MonitoringServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Page> pages = new HashMap<>();

    public MonitoringServlet(Artifacts artifacts) {
        pages.put("/rules.yml", new Page("application/yaml", artifacts.rules()));
        pages.put("/thresholds.json", new Page("application/json", artifacts.thresholds()));
        artifacts
                .dashboards()
                .forEach((uid, json) -> pages.put("/dashboards/" + uid + ".json", new Page("application/json", json)));
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        @Nullable Page page = pages.get(request.getPathInfo());
        if (page == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "there are " + String.join(", ", pages.keySet()));
            return;
        }
        byte[] body = page.content().getBytes(StandardCharsets.UTF_8);
        response.setContentType(page.type() + ";charset=utf-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private record Page(String type, String content) {}
}
