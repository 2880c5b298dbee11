package io.trayb;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code /style.css} of a port: how its pages look. A file of its own, so that a page needs no style in itself. Thread-safe. */
final class StyleSheet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient byte[] style;

    StyleSheet() {
        try (InputStream in = StyleSheet.class.getResourceAsStream("style.css")) {
            if (in == null) {
                throw new IllegalStateException("style.css is not on the class path");
            }
            style = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/css; charset=utf-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setContentLength(style.length);
        response.getOutputStream().write(style);
    }
}
