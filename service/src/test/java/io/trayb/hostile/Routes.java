package io.trayb.hostile;

import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletMapping;

/** The calls of the API as the running service declares them. */
final class Routes {
    /**
     * One of them.
     *
     * @param template below {@code /api/v1}, such as {@code /jobs/{id}}
     */
    record Route(String method, String template, boolean takesBody) {
        @Override
        public String toString() {
            return method + " " + template;
        }
    }

    private Routes() {}

    static List<Route> of(Environment environment) {
        List<Route> routes = new ArrayList<>();
        for (Class<?> resource : environment.jersey().getResourceConfig().getClasses()) {
            Path base = resource.getAnnotation(Path.class);
            if (base != null && base.value().startsWith("/v1")) {
                Arrays.stream(resource.getMethods()).forEach(method -> add(base, method, routes));
            }
        }
        for (ServletMapping mapping :
                environment.getApplicationContext().getServletHandler().getServletMappings()) {
            Arrays.stream(mapping.getPathSpecs())
                    .filter(path -> path.startsWith("/api/v1/"))
                    .forEach(path -> routes.add(new Route("GET", path.substring("/api/v1".length()), false)));
        }
        routes.sort(Comparator.comparing(Route::toString));
        return routes;
    }

    private static void add(Path base, Method method, List<Route> routes) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                Path own = method.getAnnotation(Path.class);
                boolean takesBody = method.isAnnotationPresent(Consumes.class)
                        || method.getDeclaringClass().isAnnotationPresent(Consumes.class);
                routes.add(new Route(
                        verb.value(),
                        base.value().substring("/v1".length()) + (own == null ? "" : own.value()),
                        takesBody));
            }
        }
    }
}
