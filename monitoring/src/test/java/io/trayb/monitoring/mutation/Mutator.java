package io.trayb.monitoring.mutation;

import io.trayb.monitoring.render.ProofRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Changes one thing after another in generated rules: each number, window, metric, label, function, operator, time and text. */
final class Mutator {
    private static final Pattern RULE =
            Pattern.compile("(?ms)^      - (?:alert|record): (\\S+)\n.*?(?=^      (?:- |# )|\\z)");

    /** What is changed, by how it is called; each is tried at every place where its pattern is found. */
    private static final Map<Pattern, List<Function<MatchResult, String>>> IN_EXPRESSIONS = inExpressions();

    private static final Map<Pattern, List<Function<MatchResult, String>>> BESIDE_EXPRESSIONS = besideExpressions();

    private Mutator() {}

    static List<Mutant> mutants(String rules) {
        List<Mutant> mutants = new ArrayList<>();
        ProofRun.groups(rules)
                .values()
                .forEach(group -> RULE.matcher(group).results().forEach(rule -> {
                    int begin = rule.start() + rule.group().indexOf("expr: |-\n") + "expr: |-\n".length();
                    int end = group.indexOf('\n', begin);
                    IN_EXPRESSIONS.forEach(
                            (pattern, changes) -> mutate(rule.group(1), group, begin, end, pattern, changes, mutants));
                    if (rule.group().startsWith("      - alert")) {
                        BESIDE_EXPRESSIONS.forEach((pattern, changes) ->
                                mutate(rule.group(1), group, end, rule.end(), pattern, changes, mutants));
                    }
                }));
        return mutants;
    }

    private static void mutate(
            String rule,
            String group,
            int begin,
            int end,
            Pattern pattern,
            List<Function<MatchResult, String>> changes,
            List<Mutant> mutants) {
        String text = group.substring(begin, end);
        pattern.matcher(text)
                .results()
                .forEach(match -> changes.forEach(change -> {
                    String with = change.apply(match);
                    mutants.add(new Mutant(
                            rule,
                            "'" + match.group() + "' into '" + with + "' after '" + before(text, match.start()) + "'",
                            group.substring(0, begin + match.start()) + with + group.substring(begin + match.end())));
                }));
    }

    /** What stands before a place, to tell it from others of the same text. */
    private static String before(String text, int place) {
        return text.substring(Math.max(0, place - 40), place).strip();
    }

    private static Map<Pattern, List<Function<MatchResult, String>>> inExpressions() {
        Map<Pattern, List<Function<MatchResult, String>>> all = new LinkedHashMap<>();
        // Numbers that are compared or multiplied with, and quantiles.
        all.put(
                Pattern.compile("(?<=[>*] |== |quantile\\()\\d+(\\.\\d+)?(?![\\w.])"),
                List.of(match -> times(match.group(), 1.1), match -> times(match.group(), 0.9)));
        all.put(Pattern.compile("(?<=\\[)(\\d+)([smhd])(?=\\])"), List.of(Mutator::twice));
        all.put(Pattern.compile("(?<=offset )(\\d+)([smhd])"), List.of(Mutator::twice));
        // Metrics and what is recorded.
        all.put(
                Pattern.compile("\\b(?:trayb[_:][a-z0-9_:]+|up|jvm_[a-z_]+)\\b(?=[\\s{\\[)]|$)"),
                List.of(match -> match.group() + "_other"));
        // Matchers: another value, the opposite, none.
        all.put(Pattern.compile("(?<==|~)\"[^\"]+\""), List.of(match -> "\"other\""));
        all.put(Pattern.compile("(?<=[a-z])(=~|!~|!=|=)(?=\")"), List.of(match -> opposite(match.group())));
        all.put(
                Pattern.compile("\\b(by|on) \\(([a-z_]+)((?:, [a-z_]+)*)\\)"),
                List.of(match -> match.group(1) + " (" + match.group(3).replaceFirst("^, ", "") + ")"));
        all.put(
                Pattern.compile("\\b(sum|max|rate|increase|avg_over_time|min_over_time)\\b(?= ?[(b])"),
                List.of(match -> otherFunction(match.group())));
        all.put(Pattern.compile("(?<= )(and|or|unless)(?= )"), List.of(match -> otherOperator(match.group())));
        all.put(Pattern.compile("(?<= )(>|==|[-*/])(?= )"), List.of(match -> otherOperator(match.group())));
        return all;
    }

    private static Map<Pattern, List<Function<MatchResult, String>>> besideExpressions() {
        Map<Pattern, List<Function<MatchResult, String>>> all = new LinkedHashMap<>();
        all.put(Pattern.compile("(?<=        for: )(\\d+)([smhd])"), List.of(Mutator::twice, Mutator::half));
        all.put(Pattern.compile("(?<=severity: )\\w+"), List.of(match -> match.group() + "r"));
        all.put(Pattern.compile("(?<=owner: )\\w+"), List.of(match -> match.group() + "s"));
        all.put(
                Pattern.compile("(?<=(?:summary|description|runbook_url|dashboard_url): \")\\S"),
                List.of(match -> "-" + match.group()));
        return all;
    }

    private static String times(String number, double factor) {
        double value = Double.parseDouble(number);
        return value == 0 ? (factor > 1 ? "1" : "-1") : Double.toString(value * factor);
    }

    private static String twice(MatchResult match) {
        return 2 * Integer.parseInt(match.group(1)) + match.group(2);
    }

    private static String half(MatchResult match) {
        int seconds = Integer.parseInt(match.group(1)) * ("m".equals(match.group(2)) ? 60 : 1);
        return seconds / 2 + "s";
    }

    private static String opposite(String operator) {
        return switch (operator) {
            case "=" -> "!=";
            case "!=" -> "=";
            case "=~" -> "!~";
            default -> "=~";
        };
    }

    private static String otherFunction(String function) {
        return switch (function) {
            case "sum" -> "max";
            case "max" -> "sum";
            case "rate" -> "irate";
            case "increase" -> "rate";
            case "avg_over_time" -> "sum_over_time";
            default -> "max_over_time";
        };
    }

    private static String otherOperator(String operator) {
        return switch (operator) {
            case "and" -> "unless";
            case "or" -> "and";
            case "unless" -> "and";
            case ">" -> "<";
            case "==" -> "!=";
            case "-" -> "+";
            case "*" -> "/";
            default -> "*";
        };
    }
}
