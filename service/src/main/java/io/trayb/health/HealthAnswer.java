package io.trayb.health;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** How both servlets answer. */
final class HealthAnswer {
    private HealthAnswer() {}

    static void write(HttpServletResponse response, int status, byte[] json) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
