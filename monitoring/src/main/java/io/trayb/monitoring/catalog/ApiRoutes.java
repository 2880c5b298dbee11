package io.trayb.monitoring.catalog;

import io.trayb.monitoring.promql.Matcher;
import java.util.Arrays;
import java.util.stream.Stream;

/** Which of the API's routes tell how quick it is. */
final class ApiRoutes {
    /** The service doesn't time the others; an older one that still did must not be alerted on either. */
    static final Matcher[] ANSWERED_AT_ONCE = HttpMetrics.OPEN_ENDED_ROUTES.stream()
            .map(route -> Matcher.isNot(HttpMetrics.ROUTE.name(), route))
            .toArray(Matcher[]::new);

    private ApiRoutes() {}

    /** Those that are answered at once, and something else. */
    static Matcher[] answeredAtOnce(Matcher also) {
        return Stream.concat(Arrays.stream(ANSWERED_AT_ONCE), Stream.of(also)).toArray(Matcher[]::new);
    }
}
