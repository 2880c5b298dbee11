package io.trayb.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * What browsers are told with every answer: to take nothing for another type than it says it is, and to tell nobody where a link
 * was found, since a path may name a queue or a key. Pages say more by themselves. Thread-safe.
 */
final class SafeHeaders implements Filter {
    static final Map<String, String> ALL =
            Map.of("X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer");

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletResponse answer = (HttpServletResponse) response;
        ALL.forEach(answer::setHeader);
        chain.doFilter(request, response);
    }
}
