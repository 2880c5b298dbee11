package io.trayb.monitoring.deployed;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A rule as a file or Prometheus has it, in one form for both, so that equal rules are equal. */
record Rule(
        String group,
        String name,
        String expression,
        Duration hold,
        Map<String, String> labels,
        Map<String, String> annotations) {
    private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|[smhdwy])");
    /** A string in either kind of quotes, or the blanks between two others. */
    private static final Pattern QUOTED_OR_BLANK =
            Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|\\s+");

    private static final Pattern MATCHER =
            Pattern.compile("[a-z_]+(?:=~|!~|!=|=)(?:\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*')");
    private static final Pattern SELECTOR = Pattern.compile("\\{" + MATCHER + "(?:," + MATCHER + ")*,?}");

    /** From an entry of {@code rules.yml}. */
    static Rule ofFile(String group, JsonNode entry) {
        return new Rule(
                group,
                entry.path("alert").asText(entry.path("record").asText()),
                normal(entry.path("expr").asText()),
                duration(entry.path("for").asText("0s")),
                map(entry.path("labels")),
                map(entry.path("annotations")));
    }

    /** From what Prometheus' API answers. */
    static Rule ofPrometheus(String group, JsonNode entry) {
        return new Rule(
                group,
                entry.path("name").asText(),
                normal(entry.path("query").asText()),
                Duration.ofMillis(Math.round(1000 * entry.path("duration").asDouble())),
                map(entry.path("labels")),
                map(entry.path("annotations")));
    }

    /** An expression without the blanks that only please the eye, and with matchers in one order; strings stay as they are. */
    static String normal(String expression) {
        return SELECTOR.matcher(withoutBlanks(expression))
                .replaceAll(match -> Matcher.quoteReplacement(MATCHER.matcher(match.group())
                        .results()
                        .map(MatchResult::group)
                        .sorted()
                        .collect(Collectors.joining(",", "{", "}"))));
    }

    private static String withoutBlanks(String expression) {
        return QUOTED_OR_BLANK
                .matcher(expression.strip())
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group().isBlank() ? blank(expression.strip(), match) : match.group()));
    }

    private static String blank(String expression, MatchResult at) {
        boolean between = isWord(expression.charAt(at.start() - 1)) && isWord(expression.charAt(at.end()));
        return between ? " " : "";
    }

    private static boolean isWord(char character) {
        return Character.isLetterOrDigit(character) || character == '_' || character == ':';
    }

    private static Duration duration(String text) {
        return DURATION.matcher(text)
                .results()
                .map(part -> unit(part.group(2)).multipliedBy(Long.parseLong(part.group(1))))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            case "w" -> Duration.ofDays(7);
            default -> Duration.ofDays(365);
        };
    }

    private static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new TreeMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
        return map;
    }
}
