package io.trayb.keys.api;

import io.trayb.keys.Caller;
import io.trayb.keys.KeyText;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Has calls that operate written down which are refused on their way, whatever for: for want of a key, for too many requests, by a
 * process that is busy or hasn't the role, or for a content type. Goes before all that refuses so. Thread-safe; of every other request it
 * only looks at the status.
 */
public final class RefusedOperations implements Filter {
    private final Audit audit;
    private final Predicate<HttpServletRequest> operates;

    /** @param operates whether a request that was refused would have operated */
    RefusedOperations(Audit audit, Predicate<HttpServletRequest> operates) {
        this.audit = audit;
        this.operates = operates;
    }

    /** For the API's port. */
    public static RefusedOperations among(OperateRoutes routes, Audit audit) {
        return new RefusedOperations(audit, routes::has);
    }

    /** For paths all of whose calls operate. */
    public static RefusedOperations everywhere(Audit audit) {
        return new RefusedOperations(audit, request -> true);
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(servletRequest, servletResponse);
        int status = ((HttpServletResponse) servletResponse).getStatus();
        if (status >= HttpServletResponse.SC_BAD_REQUEST) {
            HttpServletRequest request = (HttpServletRequest) servletRequest;
            if (operates.test(request)) {
                audit.refused(Caller.known(request), claimedId(request), request, status);
            }
        }
    }

    private static @Nullable String claimedId(HttpServletRequest request) {
        String header = KeyFilter.header(request);
        return header == null
                ? null
                : KeyText.parse(header.substring(header.indexOf(' ') + 1).strip())
                        .map(KeyText::id)
                        .orElse(null);
    }
}
