package io.trayb.monitoring.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Repository;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.render.Artifacts;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a stranger sees who changes one line of the catalogue: the line is changed in its source, compiled, and the generator of the
 * changed code is run on a copy of what is committed.
 */
class OneChangeTest {
    private static final String RULES = "monitoring/prometheus/rules.yml";
    private static final Path SOURCES = Repository.root().resolve("monitoring/src/main/java");
    private static final String CATALOG = "io/trayb/monitoring/catalog/";
    private static final Artifacts COMMITTED = Artifacts.of(TraybCatalog.withDefaults());

    @TempDir
    private Path folder;

    private Path root;
    private final Map<String, String> before = new LinkedHashMap<>();

    @BeforeEach
    void start_from_what_is_committed() throws IOException {
        root = folder.resolve("root");
        try (Stream<Path> pages = Files.list(Repository.root().resolve("docs/runbooks"))) {
            List<String> paths = new ArrayList<>(COMMITTED.files().keySet());
            pages.forEach(page -> paths.add("docs/runbooks/" + page.getFileName()));
            for (String path : paths) {
                String text = Files.readString(Repository.root().resolve(path));
                before.put(path, text);
                Files.createDirectories(root.resolve(path).getParent());
                Files.writeString(root.resolve(path), text);
            }
        }
    }

    private record Line(String path, String was, String is) {}

    /** Compiles one changed source; what the compiler has to say when it won't. */
    private String compile(String source, String what, String with) throws IOException {
        String text = Files.readString(SOURCES.resolve(source));
        assertThat(text.split(Pattern.quote(what), -1)).as(what).hasSize(2);
        Path changed = folder.resolve("source").resolve(source);
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, text.replace(what, with));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes().toString());
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(changed))
                    .call();
            return compiled ? "" : messages.toString();
        }
    }

    private Path classes() throws IOException {
        return Files.createDirectories(folder.resolve("classes"));
    }

    /** Runs the generator of the changed code; returns the paths that it names. */
    private Set<String> generate(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes() + File.pathSeparator + System.getProperty("java.class.path"),
                "io.trayb.monitoring.generate.Generate"));
        command.addAll(List.of(arguments));
        command.add(root.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(arguments.length);
        return output.lines()
                .flatMap(line -> before.keySet().stream()
                        .filter(path -> line.equals("generated " + path)
                                || line.equals(path + " differs")
                                || line.equals(path + " isn't as it must be")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Lines that are another than before; a change of one line leaves all others where they were. */
    private List<Line> changedLines(Set<String> paths) throws IOException {
        List<Line> changed = new ArrayList<>();
        for (String path : paths) {
            List<String> was = before.get(path).lines().toList();
            List<String> is = Files.readString(root.resolve(path)).lines().toList();
            assertThat(is).as(path).hasSameSizeAs(was);
            for (int i = 0; i < is.size(); i++) {
                if (!is.get(i).equals(was.get(i))) {
                    changed.add(new Line(path, was.get(i), is.get(i)));
                }
            }
        }
        return changed;
    }

    private static boolean isFingerprint(Line line) {
        return line.was().contains(COMMITTED.fingerprint());
    }

    @Test
    void a_threshold_changed_in_one_line_changes_rule_tests_dashboards_and_documents_together_and_nothing_else()
            throws Exception {
        String source = CATALOG + "TraybThresholds.java";
        assertThat(compile(
                        source, "\"sseDropsPerMinute\",\n            100,", "\"sseDropsPerMinute\",\n            120,"))
                .isEmpty();

        Set<String> behind = generate("--check");
        Set<String> generated = generate();

        assertThat(generated)
                .as("the check names each file that is behind")
                .isEqualTo(behind)
                .contains(
                        RULES,
                        "monitoring/prometheus/rules.test.yml",
                        "monitoring/thresholds.json",
                        "grafana/dashboards/trayb-events.json",
                        "docs/alerts.md",
                        "docs/runbooks/TraybSseEventsDropped.md");
        List<Line> lines = changedLines(generated);
        assertThat(lines)
                .filteredOn(line -> !line.path().endsWith("rules.test.yml") && !isFingerprint(line))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.was().replace("100", "120")).isEqualTo(line.is()));
        // The proof's cases are on the threshold and at its edges; they are the alert's own, all of them.
        String proofs = Files.readString(root.resolve("monitoring/prometheus/rules.test.yml"));
        int begin = proofs.indexOf("TraybSseEventsDropped");
        int end = proofs.indexOf("TraybJob", begin);
        assertThat(lines)
                .filteredOn(line -> line.path().endsWith("rules.test.yml") && !isFingerprint(line))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(proofs.indexOf(line.is())).isBetween(begin, end));
        assertThat(generate()).as("all is up to date").isEmpty();
    }

    @Test
    void a_metric_renamed_in_one_line_changes_rule_tests_dashboards_and_documents_together_and_nothing_else()
            throws Exception {
        String old = "trayb_sse_events_dropped_total";
        String renamed = "trayb_sse_events_dropped_away_total";
        assertThat(compile(CATALOG + "EventMetrics.java", old, renamed)).isEmpty();

        Set<String> behind = generate("--check");
        Set<String> generated = generate();

        assertThat(behind)
                .as("the check names each file that is behind, and each runbook whose text has the old name")
                .containsAll(generated);
        assertThat(generated)
                .contains(
                        RULES,
                        "monitoring/prometheus/rules.test.yml",
                        "grafana/dashboards/trayb-events.json",
                        "docs/metrics.md");
        assertThat(changedLines(generated))
                .filteredOn(line -> !isFingerprint(line))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.was().replace(old, renamed)).isEqualTo(line.is()));
        for (String path : COMMITTED.files().keySet()) {
            assertThat(Files.readString(root.resolve(path))).as(path).doesNotContain(old);
        }
    }

    @Test
    void an_alert_on_a_metric_that_does_not_exist_does_not_compile() throws Exception {
        String source = CATALOG + "EventAlerts.java";
        assertThat(compile(source, "inLastMinute(EventMetrics.DROPPED)", "inLastMinute(EventMetrics.VANISHED)"))
                .contains("cannot find symbol", "VANISHED");
        assertThat(compile(source, "inLastMinute(EventMetrics.DROPPED)", "inLastMinute(\"trayb_vanished_total\")"))
                .contains("incompatible types");
    }
}
