package io.trayb.openapi;

import io.trayb.http.BodyLimit;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A call as it is served: what can be read from a resource's method or is known of a servlet. Immutable.
 *
 * @param method such as {@code GET}
 * @param path such as {@code /api/v1/jobs/{id}}
 * @param scope what a key must be good for; null if any key will do, or none is asked for
 * @param bodyLimit the most bytes of a body; 0 if it takes none
 * @param parameters the names of those in the path, the query and the header, as far as the resource names them
 * @param source the resource's method, or the servlet, for messages
 */
public record Call(
        String method, String path, @Nullable String scope, int bodyLimit, Set<String> parameters, String source)
        implements Comparable<Call> {
    /** What Jersey is mapped to. */
    private static final String BASE = "/api";

    private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z]+)}");

    public Call {
        parameters = Set.copyOf(parameters);
    }

    /** A call that a servlet answers, which takes no body. */
    public static Call ofServlet(String method, String path, @Nullable String scope) {
        return new Call(method, path, scope, 0, variables(path), "the servlet at " + path);
    }

    /**
     * All calls of a resource, by path and method.
     *
     * @param scopeOf which scope a method needs, if it needs one
     */
    public static List<Call> of(Class<?> resource, Function<Method, Optional<String>> scopeOf) {
        return Arrays.stream(resource.getDeclaredMethods())
                .filter(method -> verb(method).isPresent())
                .map(method -> of(method, scopeOf))
                .sorted()
                .toList();
    }

    private static Call of(Method method, Function<Method, Optional<String>> scopeOf) {
        Class<?> resource = method.getDeclaringClass();
        String path = BASE + pathOf(resource.getAnnotation(Path.class)) + pathOf(method.getAnnotation(Path.class));
        Set<String> parameters = new TreeSet<>(variables(path));
        boolean body = false;
        for (Parameter parameter : method.getParameters()) {
            QueryParam query = parameter.getAnnotation(QueryParam.class);
            HeaderParam header = parameter.getAnnotation(HeaderParam.class);
            if (query != null) {
                parameters.add(query.value());
            } else if (header != null) {
                parameters.add(header.value());
            }
            // Whatever JAX-RS puts in otherwise has an annotation of its own.
            body |= parameter.getAnnotations().length == 0;
        }
        BodyLimit limit = method.getAnnotation(BodyLimit.class);
        return new Call(
                verb(method).orElseThrow(),
                path,
                scopeOf.apply(method).orElse(null),
                !body ? 0 : limit == null ? BodyLimit.DEFAULT : limit.value(),
                parameters,
                resource.getSimpleName() + "." + method.getName());
    }

    private static Optional<String> verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                return Optional.of(verb.value());
            }
        }
        return Optional.empty();
    }

    private static String pathOf(@Nullable Path path) {
        return path == null ? "" : path.value();
    }

    private static Set<String> variables(String path) {
        return VARIABLE.matcher(path).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    /** Method and path, such as {@code GET /api/v1/jobs/{id}}. */
    public String route() {
        return method + " " + path;
    }

    @Override
    public int compareTo(Call other) {
        return Comparator.comparing(Call::path).thenComparing(Call::method).compare(this, other);
    }
}
