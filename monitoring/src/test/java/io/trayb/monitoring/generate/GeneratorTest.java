package io.trayb.monitoring.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.monitoring.Repository;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.render.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
    private static final String RULES = "monitoring/prometheus/rules.yml";

    @TempDir
    private Path root;

    private Generator generator;

    @BeforeEach
    void start_from_the_runbooks_as_they_are_written() throws IOException {
        Path runbooks = Repository.root().resolve("docs/runbooks");
        Files.createDirectories(root.resolve("docs/runbooks"));
        try (Stream<Path> pages = Files.list(runbooks)) {
            for (Path page : pages.toList()) {
                Files.copy(page, root.resolve("docs/runbooks").resolve(page.getFileName()));
            }
        }
        generator = new Generator(root, TraybCatalog.withDefaults());
        generator.write();
    }

    private void replace(String path, String what, String with) throws IOException {
        Path file = root.resolve(path);
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, with));
    }

    @Test
    void what_was_just_written_has_no_difference_and_is_not_written_again() throws IOException {
        assertThat(generator.check()).isEmpty();
        assertThat(generator.write()).isEmpty();
    }

    @Test
    void an_edited_number_is_shown_as_a_diff_and_set_right() throws IOException {
        replace(RULES, "> 100", "> 1000");
        assertThat(generator.check()).singleElement().satisfies(difference -> {
            assertThat(difference.path()).isEqualTo(RULES);
            assertThat(difference.diff())
                    .contains("-          sum(increase(trayb_sse_events_dropped_total[1m])) > 1000")
                    .contains("+          sum(increase(trayb_sse_events_dropped_total[1m])) > 100");
        });
        assertThat(generator.write()).containsExactly(RULES);
        assertThat(generator.check()).isEmpty();
    }

    @Test
    void a_missing_file_is_named() throws IOException {
        Files.delete(root.resolve(RULES));
        assertThat(generator.check()).containsExactly(new Difference(RULES, "is missing", ""));
    }

    @Test
    void a_generated_file_that_is_not_generated_any_more_is_found_and_deleted_but_no_other() throws IOException {
        Path old = root.resolve("grafana/dashboards/trayb-old.json");
        Path own = root.resolve("grafana/dashboards/README.md");
        Files.writeString(old, "{\"_generated\": \"" + Header.TEXT + "\"}");
        Files.writeString(own, "Written by hand.");
        assertThat(generator.check())
                .containsExactly(new Difference("grafana/dashboards/trayb-old.json", "isn't generated any more", ""));
        generator.write();
        assertThat(old).doesNotExist();
        assertThat(own).exists();
    }

    @Test
    void a_missing_runbook_an_empty_section_and_a_number_by_hand_are_all_named() throws IOException {
        Files.delete(root.resolve("docs/runbooks/TraybWatchdog.md"));
        replace(
                "docs/runbooks/TraybTargetDown.md",
                "## Escalation\n\nPage the platform team",
                "## Escalation\n\n## Rest\n\nPage");
        replace("docs/runbooks/TraybJobBacklog.md", "Jobs start late.", "More than 300 trayb_jobs_wating start late.");
        Files.writeString(root.resolve("docs/runbooks/TraybGone.md"), "# TraybGone");
        assertThat(generator.check())
                .extracting(difference -> difference.path() + ": " + difference.diff())
                .containsExactly(
                        "docs/runbooks/TraybJobBacklog.md: the number 300 must come from the facts, or stand in code",
                        "docs/runbooks/TraybJobBacklog.md: nothing exports trayb_jobs_wating",
                        "docs/runbooks/TraybTargetDown.md: its section '## Escalation' must say something",
                        "docs/runbooks/TraybWatchdog.md: Every alert has a runbook with the sections"
                                + " [Meaning, Impact, Diagnosis, Mitigation, Escalation].",
                        "docs/runbooks/TraybGone.md: Delete it, or give it the name of an alert.");
    }

    @Test
    void one_changed_threshold_changes_the_rule_its_tests_the_dashboard_the_documents_and_the_runbook_together()
            throws IOException {
        Generator changed = new Generator(root, TraybCatalog.with(Map.of("sseDropsPerMinute", 120.0)));
        List<Difference> differences = changed.check();
        assertThat(differences)
                .extracting(Difference::path)
                .contains(
                        RULES,
                        "monitoring/prometheus/rules.test.yml",
                        "monitoring/thresholds.json",
                        "grafana/dashboards/trayb-events.json",
                        "docs/alerts.md",
                        "docs/runbooks/TraybSseEventsDropped.md")
                .doesNotContain("docs/metrics.md", "alertmanager/alertmanager.yml", "docs/runbooks/TraybJobBacklog.md");
        // Dashboards carry the rules' fingerprint as a tag: those that don't show the threshold change in that line
        // alone.
        assertThat(differences)
                .filteredOn(difference -> difference.path().equals("grafana/dashboards/trayb-runtime.json"))
                .singleElement()
                .satisfies(difference -> assertThat(difference.diff().lines().filter(line -> line.startsWith("+    ")))
                        .singleElement()
                        .asString()
                        .contains("\"rules:"));
    }

    @Test
    void the_same_declarations_give_the_same_bytes() {
        assertThat(Artifacts.of(TraybCatalog.withDefaults()).files())
                .isEqualTo(Artifacts.of(TraybCatalog.withDefaults()).files())
                .allSatisfy((path, content) -> {
                    assertThat(content).as(path).endsWith("\n").doesNotContain("\r");
                    assertThat(content.lines().limit(2)).as(path).anyMatch(line -> line.contains(Header.TEXT));
                });
    }

    @Test
    void the_command_says_a_line_for_each_file_and_fails_on_a_difference() throws IOException {
        replace(RULES, "> 100", "> 1000");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertThat(Generate.run(TraybCatalog.withDefaults(), root, true, out)).isFalse();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains(RULES + " differs")
                .contains("1 differences");
        bytes.reset();
        assertThat(Generate.run(TraybCatalog.withDefaults(), root, false, out)).isTrue();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("generated " + RULES + System.lineSeparator());
        assertThat(Generate.run(TraybCatalog.withDefaults(), root, true, out)).isTrue();
    }

    @Test
    void a_root_that_is_no_directory_is_refused() {
        Generator nowhere = new Generator(root.resolve("nowhere"), TraybCatalog.withDefaults());
        assertThatThrownBy(nowhere::write)
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(nowhere::check).isInstanceOf(NotDirectoryException.class);
    }
}
