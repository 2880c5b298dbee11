package io.trayb.monitoring.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What becomes of alerts. {@link #expected} reads it from {@code routes.test.yml}; {@link #of} works it out from
 * {@code alertmanager.yml} by Alertmanager's own rules, since its tool tells nothing of a route but the receiver.
 */
public final class Deliveries {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~|!~|!=|=)\"([^\"]*)\"");

    private final JsonNode configuration;
    private final Set<String> receivers = new HashSet<>();

    /** What becomes of an alert: its labels, whom it reaches, at which hours and how often, and what silences it. */
    public record Delivery(
            Map<String, String> labels,
            String receiver,
            String hours,
            List<String> groupBy,
            String first,
            String more,
            String again,
            Set<String> silencedBy) {}

    private Deliveries(String text) {
        configuration = parse(text);
        for (JsonNode receiver : required(configuration, "receivers")) {
            require(receivers.add(receiver.path("name").asText()), "receivers must have names, each its own");
        }
        configuration
                .fieldNames()
                .forEachRemaining(key -> require(
                        Set.of("templates", "route", "time_intervals", "inhibit_rules", "receivers")
                                .contains(key),
                        "Alertmanager knows no " + key));
    }

    /** What must become of alerts. */
    public static List<Delivery> expected(String routesTest) {
        List<Delivery> deliveries = new ArrayList<>();
        for (JsonNode route : parse(routesTest).path("routes")) {
            deliveries.add(new Delivery(
                    Map.of(
                            "alertname", route.path("alertname").asText(),
                            "severity", route.path("severity").asText(),
                            "owner", route.path("owner").asText()),
                    route.path("receiver").asText(),
                    route.path("hours").asText(),
                    texts(route.path("group_by")),
                    route.path("group_wait").asText(),
                    route.path("group_interval").asText(),
                    route.path("repeat_interval").asText(),
                    new TreeSet<>(texts(route.path("silenced_by")))));
        }
        return deliveries;
    }

    /**
     * What becomes of alerts with these labels.
     *
     * @param texts the files with texts that must be found
     * @throws IllegalArgumentException when Alertmanager would refuse the configuration, or would miss something
     */
    public static List<Delivery> of(String configuration, Collection<Map<String, String>> alerts, String texts) {
        Deliveries deliveries = new Deliveries(configuration);
        require(
                texts(deliveries.configuration.path("templates")).stream()
                        .anyMatch(glob -> texts.matches(glob.replace(".", "\\.").replace("*", "[^/]*"))),
                "the templates must be found");
        return alerts.stream().map(alert -> deliveries.of(alert, alerts)).toList();
    }

    private Delivery of(Map<String, String> labels, Collection<Map<String, String>> others) {
        JsonNode route = required(configuration, "route");
        require(route.path("matchers").isMissingNode(), "the first route must take everything");
        Map<String, JsonNode> settings = new LinkedHashMap<>();
        JsonNode intervals = apply(route, settings);
        for (JsonNode next = next(route, labels); next != null; next = next(next, labels)) {
            intervals = apply(next, settings);
        }
        Set<String> silencedBy = new TreeSet<>();
        for (JsonNode rule : configuration.path("inhibit_rules")) {
            if (matches(required(rule, "target_matchers"), labels)) {
                others.stream()
                        .filter(other -> !other.equals(labels) && matches(required(rule, "source_matchers"), other))
                        .forEach(other -> silencedBy.add(String.valueOf(other.get("alertname"))));
            }
        }
        String receiver = setting(settings, "receiver").asText();
        require(receivers.contains(receiver), "the receiver " + receiver + " must be there");
        return new Delivery(
                labels,
                receiver,
                hours(intervals),
                texts(setting(settings, "group_by")),
                setting(settings, "group_wait").asText(),
                setting(settings, "group_interval").asText(),
                setting(settings, "repeat_interval").asText(),
                silencedBy);
    }

    /** A route inherits all but its hours. Returns those. */
    private static JsonNode apply(JsonNode route, Map<String, JsonNode> settings) {
        route.properties().forEach(field -> {
            require(
                    Set.of(
                                    "receiver",
                                    "group_by",
                                    "group_wait",
                                    "group_interval",
                                    "repeat_interval",
                                    "matchers",
                                    "routes",
                                    "active_time_intervals")
                            .contains(field.getKey()),
                    "a route knows no " + field.getKey());
            settings.put(field.getKey(), field.getValue());
        });
        return route.path("active_time_intervals");
    }

    private static JsonNode next(JsonNode route, Map<String, String> labels) {
        for (JsonNode child : route.path("routes")) {
            if (matches(child.path("matchers"), labels)) {
                return child;
            }
        }
        return null;
    }

    private static boolean matches(JsonNode matchers, Map<String, String> labels) {
        boolean all = true;
        for (String text : texts(matchers)) {
            Matcher matcher = MATCHER.matcher(text);
            require(matcher.matches(), "the matcher " + text + " must be one");
            String value = labels.getOrDefault(matcher.group(1), "");
            all &= switch (matcher.group(2)) {
                case "=" -> value.equals(matcher.group(3));
                case "!=" -> !value.equals(matcher.group(3));
                case "=~" -> value.matches(matcher.group(3));
                default -> !value.matches(matcher.group(3));
            };
        }
        return all;
    }

    private String hours(JsonNode names) {
        List<String> hours = new ArrayList<>();
        for (String name : texts(names)) {
            JsonNode found = null;
            for (JsonNode interval : configuration.path("time_intervals")) {
                found = interval.path("name").asText().equals(name) ? interval : found;
            }
            require(found != null, "the time interval " + name + " must be there");
            for (JsonNode interval : required(found, "time_intervals")) {
                for (JsonNode times : required(interval, "times")) {
                    hours.add(String.join(",", texts(required(interval, "weekdays"))) + " "
                            + required(times, "start_time").asText() + "-"
                            + required(times, "end_time").asText() + " "
                            + required(interval, "location").asText());
                }
            }
        }
        return hours.isEmpty() ? "always" : String.join(", ", hours);
    }

    private static JsonNode setting(Map<String, JsonNode> settings, String name) {
        JsonNode setting = settings.get(name);
        if (setting == null) {
            throw new IllegalArgumentException("a route must have " + name);
        }
        return setting;
    }

    private static JsonNode required(JsonNode node, String key) {
        require(node.hasNonNull(key), "there must be " + key);
        return node.get(key);
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode parse(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it must be YAML", e);
        }
    }
}
