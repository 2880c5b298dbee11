package io.trayb.keys.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** Which calls operate, as the resources have it: for those who have to know before Jersey has looked. Thread-safe. */
public final class OperateRoutes {
    private record Route(String method, Pattern path) {}

    private final List<Route> routes = new CopyOnWriteArrayList<>();

    /** One more, told once at the start of each resource method. */
    void add(ResourceInfo resource) {
        Path above = resource.getResourceClass().getAnnotation(Path.class);
        Path own = resource.getResourceMethod().getAnnotation(Path.class);
        String template = (above == null ? "" : above.value()) + (own == null ? "" : own.value());
        Pattern path = Pattern.compile(template.replaceAll("\\{[^}]*}", "[^/]+") + "/?", Pattern.DOTALL);
        for (Annotation annotation : resource.getResourceMethod().getAnnotations()) {
            HttpMethod method = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (method != null) {
                routes.add(new Route(method.value(), path));
            }
        }
    }

    /** Whether it is one of them; by the path as the container has decoded it. */
    boolean has(HttpServletRequest request) {
        String path = request.getPathInfo();
        // Jersey answers HEAD by what answers GET.
        String method = "HEAD".equals(request.getMethod()) ? "GET" : request.getMethod();
        return path != null
                && routes.stream()
                        .anyMatch(route -> route.method().equals(method)
                                && route.path().matcher(path).matches());
    }
}
