package io.trayb.monitoring.render;

import io.trayb.monitoring.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the generated proofs with promtool, group by group: each alert's cases are evaluated beside the rules of its own group
 * only, which takes a fraction of the time and comes to the same, since no group needs another.
 */
public final class ProofRun {
    private static final Pattern ENTRY = Pattern.compile("(?ms)^  - name: .*?(?=^  - name: |\\z)");
    private static final Pattern FILE = Pattern.compile("(?ms)^Unit Testing:  (\\S+)\n(.*?)(?=^Unit Testing: |\\z)");
    private static final Pattern ALERT = Pattern.compile("(?m)^      - alertname: (\\S+)$");

    private final Path folder;
    private final List<String> testFiles = new ArrayList<>();

    public ProofRun(Path folder) {
        this.folder = folder;
    }

    /** Adds the proofs of alerts, to be run with these rules. */
    public void addAll(String rules, Artifacts artifacts, Predicate<String> ofAlert) {
        Map<String, String> groups = groups(rules);
        groups.forEach((group, text) ->
                add(group, text, artifacts, alert -> ofAlert.test(alert) && text.contains("- alert: " + alert + "\n")));
    }

    /** Adds all proofs of some alerts, to be run with the rules of one group, whose text begins the names of the files. */
    private void add(String id, String group, Artifacts artifacts, Predicate<String> ofAlert) {
        add(id, group, artifacts, ofAlert, 0, Integer.MAX_VALUE);
    }

    /**
     * Adds a part of each of some alerts' proofs, to be run with the rules of one group.
     *
     * @param id begins the names of the files
     * @param group the text of a rules file with the one group that they need
     * @param from the first case of each alert
     * @param to the case after the last; more than there are is all
     * @return whether any alert has such cases
     */
    public boolean add(String id, String group, Artifacts artifacts, Predicate<String> ofAlert, int from, int to) {
        write(id + ".yml", group);
        int before = testFiles.size();
        proofs(artifacts).forEach((file, text) -> {
            String head = text.substring(0, text.indexOf("tests:\n") + "tests:\n".length());
            Map<String, Integer> seen = new TreeMap<>();
            String tests = ENTRY.matcher(text.substring(head.length()))
                    .results()
                    .map(match -> match.group())
                    .filter(test -> ofAlert.test(alertOf(test)))
                    .filter(test -> {
                        int index = seen.merge(alertOf(test), 1, Integer::sum) - 1;
                        return index >= from && index < to;
                    })
                    .collect(Collectors.joining());
            if (!tests.isEmpty()) {
                String name = id + "." + file;
                write(name, head.replace("- rules.yml", "- " + id + ".yml") + tests);
                testFiles.add(name);
            }
        });
        return testFiles.size() > before;
    }

    /** Runs what was added; what promtool wrote for each file of tests that failed, by the file's id. Empty when all hold. */
    public Map<String, String> failures() {
        if (testFiles.isEmpty()) {
            throw new AssertionError("there must be proofs to run");
        }
        List<String> arguments = new ArrayList<>(List.of("test", "rules"));
        arguments.addAll(testFiles);
        Tool.Outcome outcome = Tool.PROMTOOL.run(folder, arguments.toArray(String[]::new));
        Map<String, String> failures = new TreeMap<>();
        Set<String> seen = new TreeSet<>();
        Matcher file = FILE.matcher(outcome.output());
        while (file.find()) {
            seen.add(file.group(1));
            if (!file.group(2).strip().startsWith("SUCCESS")) {
                failures.merge(
                        file.group(1).substring(0, file.group(1).indexOf('.')),
                        file.group(2),
                        (some, more) -> some + more);
            }
        }
        if (!seen.containsAll(testFiles) || (outcome.exitCode() == 0) != failures.isEmpty()) {
            throw new AssertionError("promtool's answer wasn't understood:\n" + outcome.output());
        }
        return failures;
    }

    /** Each group of a rules file, as a rules file of its own. */
    public static Map<String, String> groups(String rules) {
        String head = rules.substring(0, rules.indexOf("groups:\n") + "groups:\n".length());
        Map<String, String> groups = new LinkedHashMap<>();
        ENTRY.matcher(rules.substring(head.length()))
                .results()
                .map(match -> match.group())
                .forEach(
                        group -> groups.put(group.substring("  - name: ".length(), group.indexOf('\n')), head + group));
        return groups;
    }

    private static Map<String, String> proofs(Artifacts artifacts) {
        Map<String, String> proofs = new TreeMap<>();
        artifacts.files().forEach((path, text) -> {
            if (path.startsWith(RuleTestsFile.FOLDER) && path.endsWith(".test.yml")) {
                proofs.put(path.substring(RuleTestsFile.FOLDER.length()), text);
            }
        });
        return proofs;
    }

    private static String alertOf(String test) {
        Matcher alert = ALERT.matcher(test);
        if (!alert.find()) {
            throw new AssertionError("a test must name its alert:\n" + test);
        }
        return alert.group(1);
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
