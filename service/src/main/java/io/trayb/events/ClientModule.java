package io.trayb.events;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;

/**
 * {@code GET /client/trayb-events.js}: the module that web pages follow events with. Browsers keep it and ask each time whether
 * theirs is still the right one, so that a page never runs with the module of another version for long. Thread-safe.
 */
final class ClientModule extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final String RESOURCE = "trayb-events.js";
    private static final int TAG_CHARACTERS = 32;

    private final transient byte[] module;
    private final String tag;

    ClientModule() {
        try (InputStream in = ClientModule.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            module = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(module));
            tag = "\"" + hash.substring(0, TAG_CHARACTERS) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        boolean known = Collections.list(request.getHeaders("If-None-Match")).stream()
                .anyMatch(header -> header.equals("*") || header.contains(tag));
        if (known) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType("text/javascript; charset=utf-8");
        response.setContentLength(module.length);
        response.getOutputStream().write(module);
    }
}
