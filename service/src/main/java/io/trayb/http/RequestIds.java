package io.trayb.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Gives each request an id, or takes the one that it brings: on the answer, in every line that is logged while it is answered, on
 * whatever thread, and in the audit log. One that is too long, or has what doesn't belong into a log, a secret above all, is replaced
 * by one of ours.
 * Goes before everything that refuses a request. Thread-safe.
 */
public final class RequestIds extends Handler.Wrapper {
    /** The request's and the answer's header. */
    public static final String HEADER = "X-Request-Id";

    /** What it is called in a log line's context. */
    public static final String CONTEXT = "requestId";

    /** What a client may send: as long as any tracing system's, and without blanks, quotes and control characters. */
    static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

    private static final String ATTRIBUTE = RequestIds.class.getName();

    private final LongSupplier random;
    private final Predicate<String> secret;

    /**
     * @param random needn't be strong: an id tells requests apart and opens nothing
     * @param secret whether there is something in a text that must be in no log
     */
    RequestIds(LongSupplier random, Predicate<String> secret) {
        this.random = random;
        this.secret = secret;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String sent = request.getHeaders().get(HEADER);
        String id = sent != null && ACCEPTED.matcher(sent).matches() && !secret.test(sent) ? sent : made(random);
        request.setAttribute(ATTRIBUTE, id);
        response.getHeaders().put(HEADER, id);
        MDC.put(CONTEXT, id);
        try {
            return super.handle(request, response, callback);
        } finally {
            MDC.remove(CONTEXT);
        }
    }

    /** One of ours. */
    static String made(LongSupplier random) {
        return HexFormat.of().toHexDigits(random.getAsLong());
    }

    /** Says the id on the thread on which servlets are called: another one than above where a body had to be waited for. */
    static final class OnServletThread implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            String id = of(request);
            String before = MDC.get(CONTEXT);
            if (Objects.equals(id, before)) {
                // As nearly always: the body came in one piece, and the thread is still the same.
                chain.doFilter(request, response);
                return;
            }
            put(id);
            try {
                chain.doFilter(request, response);
            } finally {
                put(before);
            }
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

    /** The same for Jetty's handlers. */
    static @Nullable String of(Request request) {
        return request.getAttribute(ATTRIBUTE) instanceof String id ? id : null;
    }

    /** The id of the request that this thread answers; null if it answers none. */
    public static @Nullable String current() {
        return MDC.get(CONTEXT);
    }

    /**
     * Does what belongs to a request on a thread that isn't its own, so that each line that is logged meanwhile has its id.
     *
     * @param id as {@link #of(ServletRequest)} says; asked while the request is there, since it may be gone later
     */
    public static void during(@Nullable String id, Runnable work) {
        String before = MDC.get(CONTEXT);
        put(id);
        try {
            work.run();
        } finally {
            put(before);
        }
    }

    private static void put(@Nullable String id) {
        if (id == null) {
            MDC.remove(CONTEXT);
        } else {
            MDC.put(CONTEXT, id);
        }
    }
}
