package io.trayb.monitoring.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.render.Deliveries;
import io.trayb.monitoring.render.Deliveries.Delivery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Changes one thing after another in the routes, hours and inhibitions, and demands that the generated tests of routes notice:
 * each word and number, each operator of a matcher, each line left out, each two neighbouring routes in the other order.
 */
class RouteMutationTest {
    private static final Artifacts ARTIFACTS = Artifacts.of(TraybCatalog.withDefaults());
    private static final List<Delivery> EXPECTED =
            Deliveries.expected(ARTIFACTS.files().get("alertmanager/routes.test.yml"));
    private static final List<Map<String, String>> ALERTS =
            EXPECTED.stream().map(Delivery::labels).toList();
    private static final String TEXTS = "templates/trayb.tmpl";

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern OPERATOR = Pattern.compile("=~|=(?=\")");
    private static final Pattern LINE = Pattern.compile("(?m)^.*\n");
    private static final Pattern NUMBER = Pattern.compile("^\\d+");

    /** What no test of a route can tell, by name, each with the reason. */
    private static final Map<String, String> EQUIVALENTS = Map.of(
            "line 21, receiver: nowhere: left out",
            "the route takes over the receiver of the one above it, which is the same");

    @Test
    void what_becomes_of_each_alert_is_what_must_become_of_it() {
        assertThat(Deliveries.of(ARTIFACTS.routes(), ALERTS, TEXTS)).containsExactlyElementsOf(EXPECTED);
    }

    @Test
    void every_change_of_a_route_an_inhibition_or_the_hours_is_noticed_by_the_generated_tests_of_routes() {
        Map<String, String> mutants = mutants(ARTIFACTS.routes());
        assertThat(mutants.keySet()).hasSizeGreaterThan(200).containsAll(EQUIVALENTS.keySet());
        mutants.keySet().forEach(name -> System.out.println("mutant of routes: " + name));
        List<String> survivors = mutants.keySet().stream()
                .filter(name -> !isNoticed(mutants.get(name)) && !EQUIVALENTS.containsKey(name))
                .toList();
        EQUIVALENTS.forEach(
                (name, reason) -> System.out.println("equivalent mutant of routes: " + name + " (" + reason + ")"));
        System.out.printf(
                "%d mutants of routes tried, %d equivalent, %d not noticed%n",
                mutants.size(), EQUIVALENTS.size(), survivors.size());
        assertThat(survivors).isEmpty();
    }

    private static boolean isNoticed(String routes) {
        try {
            return !Deliveries.of(routes, ALERTS, TEXTS).equals(EXPECTED);
        } catch (IllegalArgumentException e) {
            // Alertmanager wouldn't take it.
            return true;
        }
    }

    /** The changed file, by what was changed. */
    private static Map<String, String> mutants(String routes) {
        Map<String, String> mutants = new LinkedHashMap<>();
        LINE.matcher(routes)
                .results()
                .filter(line -> saysSomething(line.group()))
                .forEach(line -> {
                    int number = (int) routes.substring(0, line.start()).lines().count() + 1;
                    String where = "line " + number + ", " + line.group().strip();
                    mutants.put(where + ": left out", routes.substring(0, line.start()) + routes.substring(line.end()));
                    WORD.matcher(line.group())
                            .results()
                            .forEach(word -> change(mutants, routes, where, line.start(), word, other(word.group())));
                    OPERATOR.matcher(line.group())
                            .results()
                            .forEach(operator -> change(
                                    mutants,
                                    routes,
                                    where,
                                    line.start(),
                                    operator,
                                    operator.group().equals("=") ? "!=" : "!~"));
                });
        return mutants;
    }

    private static boolean saysSomething(String line) {
        return !line.isBlank() && !line.strip().startsWith("#");
    }

    private static void change(
            Map<String, String> mutants, String text, String where, int lineStart, MatchResult match, String with) {
        int from = lineStart + match.start();
        mutants.put(
                where + ": '" + match.group() + "' at " + match.start() + " into '" + with + "'",
                text.substring(0, from) + with + text.substring(lineStart + match.end()));
    }

    private static String other(String word) {
        return NUMBER.matcher(word)
                .results()
                .findFirst()
                .map(number -> Integer.parseInt(number.group()) + 1 + word.substring(number.end()))
                .orElse(word + "x");
    }
}
