package io.trayb.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;

/** Holds every resource method to its {@link BodyLimit}: by the length that is announced, else while the body is read. */
final class BodyLimitFeature implements DynamicFeature {
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        BodyLimit limit = resource.getResourceMethod().getAnnotation(BodyLimit.class);
        context.register(new Filter(limit == null ? BodyLimit.DEFAULT : limit.value()));
    }

    private record Filter(int limit) implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            if (announced(request) > limit) {
                throw new BodyTooLargeException(limit).problem();
            }
            request.setEntityStream(new LimitedInputStream(request.getEntityStream(), limit));
        }

        /** Jersey's own getLength() knows no more than an int. Jetty has refused what isn't a number. */
        private static long announced(ContainerRequestContext request) {
            String length = request.getHeaderString("Content-Length");
            return length == null ? -1 : Long.parseLong(length);
        }
    }
}
