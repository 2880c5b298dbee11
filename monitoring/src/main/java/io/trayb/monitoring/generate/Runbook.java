package io.trayb.monitoring.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A runbook's text: written by hand, but for the facts between two marks, which come from the code. No number stands in the
 * part written by hand except in code (commands, ports, states), so that none can contradict the code.
 */
final class Runbook {
    static final String BEGIN = "<!-- facts: written by `./trayb generate` -->";
    static final String END = "<!-- end of the facts -->";
    static final List<String> SECTIONS = List.of("Meaning", "Impact", "Diagnosis", "Mitigation", "Escalation");

    private static final Pattern FACTS =
            Pattern.compile(Pattern.quote(BEGIN) + "\n.*?" + Pattern.quote(END), Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\n]*`", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("\\b\\d[\\d.,]*\\b");
    private static final Pattern NAME = Pattern.compile("\\btrayb_[a-z0-9_]+\\b");

    private final String text;

    Runbook(String text) {
        this.text = text;
    }

    /** The same runbook with these facts; empty when it lacks the marks that they stand between. */
    Optional<String> withFacts(String facts) {
        Matcher matcher = FACTS.matcher(text);
        return matcher.find()
                ? Optional.of(
                        text.substring(0, matcher.start()) + BEGIN + "\n" + facts + END + text.substring(matcher.end()))
                : Optional.empty();
    }

    /** Sections that are missing or empty, and numbers that stand where only the code may put them. */
    List<String> refusals() {
        List<String> refusals = new ArrayList<>();
        for (String section : SECTIONS) {
            String body = section(section);
            if (body == null) {
                refusals.add("it must have a section '## " + section + "'");
            } else if (body.isBlank()) {
                refusals.add("its section '## " + section + "' must say something");
            }
        }
        Matcher number = NUMBER.matcher(CODE.matcher(handwritten()).replaceAll(""));
        while (number.find()) {
            refusals.add("the number " + number.group() + " must come from the facts, or stand in code");
        }
        return refusals;
    }

    /** Everything in it that is named like one of Trayb's metrics or tables. */
    List<String> names() {
        return NAME.matcher(handwritten())
                .results()
                .map(result -> result.group())
                .distinct()
                .toList();
    }

    private String handwritten() {
        return FACTS.matcher(text).replaceAll("");
    }

    private @Nullable String section(String title) {
        Matcher matcher = Pattern.compile("^## " + title + "\n(.*?)(?=^## |\\z)", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }
}
