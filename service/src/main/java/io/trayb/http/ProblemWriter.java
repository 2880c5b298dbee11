package io.trayb.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers a plain servlet's request with a problem. Thread-safe. */
public final class ProblemWriter {
    private final ExceptionProblems problems;
    private final ObjectMapper json;

    public ProblemWriter(ExceptionProblems problems, ObjectMapper json) {
        this.problems = problems;
        this.json = json;
    }

    /**
     * Writes what the exception means to the client; the response must not be committed yet.
     *
     * @throws IOException when the client is gone
     */
    public void write(HttpServletResponse response, Throwable thrown) throws IOException {
        ProblemException answer = problems.of(thrown);
        byte[] body = ProblemJson.bytes(answer.problem(), json);
        response.setStatus(answer.problem().status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setHeader("Cache-Control", "no-store");
        answer.headers().forEach(response::setHeader);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
