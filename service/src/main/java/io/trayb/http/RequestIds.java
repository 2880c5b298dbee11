package io.trayb.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.IOException;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Gives each request an id, or takes the one that it brings: on the answer, in every line that is logged while it is answered, and
 * in the audit log. One that is too long, or has what doesn't belong into a log, is replaced by one of ours. Thread-safe.
 */
public final class RequestIds implements Filter {
    /** The request's and the answer's header. */
    public static final String HEADER = "X-Request-Id";

    /** What it is called in a log line's context. */
    public static final String CONTEXT = "requestId";

    /** What a client may send: as long as any tracing system's, and without blanks, quotes and control characters. */
    static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

    private static final String ATTRIBUTE = RequestIds.class.getName();

    private final LongSupplier random;

    /** @param random needn't be strong: an id tells requests apart and opens nothing */
    RequestIds(LongSupplier random) {
        this.random = random;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String sent = ((HttpServletRequest) request).getHeader(HEADER);
        String id = sent != null && ACCEPTED.matcher(sent).matches()
                ? sent
                : HexFormat.of().toHexDigits(random.getAsLong());
        request.setAttribute(ATTRIBUTE, id);
        ((HttpServletResponse) response).setHeader(HEADER, id);
        MDC.put(CONTEXT, id);
        try {
            chain.doFilter(request, response);
        } finally {
            MDC.remove(CONTEXT);
        }
    }

    /** A request's id; null where none was given. */
    public static @Nullable String of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof String id ? id : null;
    }

    /** The same for Jersey's filters. */
    public static @Nullable String of(ContainerRequestContext request) {
        return request.getProperty(ATTRIBUTE) instanceof String id ? id : null;
    }
}
