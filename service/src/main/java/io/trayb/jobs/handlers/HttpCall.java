package io.trayb.jobs.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.jobs.JobFailure;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that is to be sent: what the payload asks for, or where it was redirected to. Immutable; checked before it is made.
 *
 * @param headers as the payload has them, secrets still by name
 * @param redirectsLeft how many redirects may follow
 */
record HttpCall(
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable JsonNode body,
        int redirectsLeft) {
    /** RFC 9110, section 15.4; 300 and 304 leave nothing to follow. */
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** Whether this answer sends the call elsewhere, and the payload has asked to be sent. */
    boolean isSentOn(BoundedBody.Answer answer) {
        return redirectsLeft > 0 && isRedirect(answer);
    }

    private static boolean isRedirect(BoundedBody.Answer answer) {
        return REDIRECTS.contains(answer.status()) && answer.location() != null;
    }

    /**
     * The call that follows on a redirect. A POST becomes a GET where browsers make it one; headers, which may carry credentials,
     * stay with the server that they were meant for.
     *
     * @param target checked like the first one
     * @throws JobFailure if it gives up encryption
     */
    HttpCall sentOn(int status, URI target) throws JobFailure {
        if ("https".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(target.getScheme())) {
            throw JobFailure.permanent("redirected from https to '" + target + "', which isn't encrypted");
        }
        boolean becomesGet = status == 303 ? !"HEAD".equals(method) : status < 303 && "POST".equals(method);
        return new HttpCall(
                becomesGet ? "GET" : method,
                target,
                isSameOrigin(target) ? headers : Map.of(),
                becomesGet ? null : body,
                redirectsLeft - 1);
    }

    private boolean isSameOrigin(URI target) {
        return uri.getScheme().equalsIgnoreCase(target.getScheme())
                && uri.getHost().equalsIgnoreCase(target.getHost())
                && HttpTargets.port(uri) == HttpTargets.port(target);
    }
}
