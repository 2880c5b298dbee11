package io.trayb.health;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;

/** {@code /readyz}: 200 when this process should get traffic, else 503; never waits for a dependency. */
final class ReadinessServlet extends HttpServlet {
    private final transient Supplier<Readiness.Answer> readiness;
    private final transient ObjectMapper json;

    /** @param readiness in the words of those who reach the port */
    ReadinessServlet(Supplier<Readiness.Answer> readiness, ObjectMapper json) {
        this.readiness = readiness;
        this.json = json;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Readiness.Answer answer = readiness.get();
        HealthAnswer.write(response, answer.isReady() ? 200 : 503, json.writeValueAsBytes(answer));
    }
}
