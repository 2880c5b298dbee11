package io.trayb.metrics;

import jakarta.ws.rs.ext.Provider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.monitoring.ApplicationEvent;
import org.glassfish.jersey.server.monitoring.ApplicationEventListener;
import org.glassfish.jersey.server.monitoring.RequestEvent;
import org.glassfish.jersey.server.monitoring.RequestEventListener;
import org.glassfish.jersey.uri.UriTemplate;

/** Tells the {@link RequestTimer} which template led Jersey to a resource's method, such as {@code /api/v1/jobs/{id}}. */
@Provider
public final class RouteTemplates implements ApplicationEventListener {
    /** The pattern that a template's variable may carry: it is no part of the route's name. */
    private static final Pattern VARIABLE_PATTERN = Pattern.compile("\\{\\s*([\\w.-]+)\\s*:[^/]*}");

    private static final Pattern SLASHES = Pattern.compile("/{2,}");

    @Override
    public void onEvent(ApplicationEvent event) {
        // Only requests matter.
    }

    @Override
    public RequestEventListener onRequest(RequestEvent request) {
        return RouteTemplates::onRequestEvent;
    }

    private static void onRequestEvent(RequestEvent event) {
        // Once the resource method is found. At the end would be too late for an answer that comes from another thread:
        // its request may be gone by then. What no method takes (404, 405, 406, 415) never comes here, and stays
        // unmatched.
        if (event.getType() == RequestEvent.Type.REQUEST_MATCHED) {
            List<UriTemplate> templates = event.getUriInfo().getMatchedTemplates();
            if (!templates.isEmpty()) {
                ContainerRequest request = event.getContainerRequest();
                request.setProperty(
                        RequestTimer.routeAttribute(),
                        route(request.getBaseUri().getPath(), templates));
            }
        }
    }

    /** Jersey has the template that matched last first. */
    private static String route(String base, List<UriTemplate> templates) {
        List<UriTemplate> inOrder = new ArrayList<>(templates);
        Collections.reverse(inOrder);
        StringBuilder route = new StringBuilder(base);
        inOrder.forEach(template -> route.append('/').append(template.getTemplate()));
        String plain = VARIABLE_PATTERN.matcher(route).replaceAll("{$1}");
        String compact = SLASHES.matcher(plain).replaceAll("/");
        return compact.length() > 1 && compact.endsWith("/") ? compact.substring(0, compact.length() - 1) : compact;
    }
}
