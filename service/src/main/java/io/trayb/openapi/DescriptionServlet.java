package io.trayb.openapi;

import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.metrics.RequestTimer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;

/**
 * {@code GET /api/v1/openapi.json}: what this process can be asked. Clients may keep it, and ask each time whether theirs is still
 * the right one. Thread-safe.
 */
public final class DescriptionServlet extends HttpServlet {
    /** Where it is. */
    public static final String PATH = "/api/v1/openapi.json";

    private static final long serialVersionUID = 1;
    private static final int TAG_CHARACTERS = 32;

    private final transient byte[] document;
    private final transient ProblemWriter problems;
    private final String tag;

    public DescriptionServlet(ApiDocument document, ProblemWriter problems) {
        this.document = document.json().getBytes(StandardCharsets.UTF_8);
        this.problems = problems;
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(this.document));
            tag = "\"" + hash.substring(0, TAG_CHARACTERS) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        RequestTimer.routed(request, PATH);
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            problems.write(
                    response,
                    ProblemException.of(405, method + " is not allowed here; use GET")
                            .withHeader("Allow", "GET, HEAD"));
            return;
        }
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "no-cache");
        // With gzip the server makes another tag of it, which begins with ours.
        String known = tag.substring(0, tag.length() - 1);
        if (Collections.list(request.getHeaders("If-None-Match")).stream()
                .anyMatch(header -> header.equals("*") || header.contains(known))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType("application/json");
        response.setContentLength(document.length);
        if (method.equals("GET")) {
            response.getOutputStream().write(document);
        }
    }
}
