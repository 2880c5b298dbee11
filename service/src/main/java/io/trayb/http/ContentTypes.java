package io.trayb.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;

/**
 * Refuses a {@code Content-Type} with a quality, which only {@code Accept} has: Jersey reads it while it looks for a resource, and what
 * it can't read there ends in an answer of 500 that no mapper sees.
 */
@PreMatching
final class ContentTypes implements ContainerRequestFilter {
    private static final String QUALITY = "q";

    @Override
    public void filter(ContainerRequestContext request) {
        MediaType type = request.getMediaType();
        if (type != null && type.getParameters().containsKey(QUALITY)) {
            throw ProblemException.of(
                    415, "Content-Type has the parameter q, which is for Accept; it must be application/json");
        }
    }
}
