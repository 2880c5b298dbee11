package io.trayb.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherHelpTest {
    @TempDir
    private Path elsewhere;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "test",
                "bench",
                "demo",
                "generate",
                "monitoring",
                "server",
                "cluster",
                "check",
                "db",
                "keys",
                "counters",
                "help"
            })
    void help_has_a_line_for_each_verb_and_a_page_of_its_own(String verb) throws Exception {
        assertThat(Launcher.inClone().run("help").out().lines())
                .anyMatch(line -> line.matches("  " + verb + " +\\S.*"));
        Launcher.Ended page = Launcher.inClone().run("help", verb);
        assertThat(page.code()).isZero();
        assertThat(page.out()).startsWith("./trayb " + verb);
    }

    @Test
    void each_verb_that_the_guide_names_is_one() throws Exception {
        Set<String> named = new TreeSet<>();
        try (Stream<Path> pages = Files.walk(Path.of("..", "docs"))) {
            for (Path page : Stream.concat(Stream.of(Path.of("..", "README.md")), pages)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList()) {
                Pattern.compile("\\./trayb ([a-z]+)")
                        .matcher(Files.readString(page))
                        .results()
                        .forEach(match -> named.add(match.group(1)));
            }
        }

        String help = Launcher.inClone().run("help").out();
        assertThat(named)
                .contains("up", "generate")
                .allSatisfy(verb -> assertThat(help).containsPattern("(?m)^  " + verb + " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "JAVA_HOME", "NO_COLOR"})
    void help_names_the_variables_that_matter(String variable) throws Exception {
        assertThat(Launcher.inClone().run("help").out()).containsPattern("(?m)^  " + variable + "\\b");
    }

    @Test
    void without_a_verb_it_helps() throws Exception {
        assertThat(Launcher.inClone().run()).isEqualTo(Launcher.inClone().run("help"));
        assertThat(Launcher.inClone().run("--help"))
                .isEqualTo(Launcher.inClone().run("help"));
    }

    @ParameterizedTest
    @CsvSource({"tset, test", "u, up", "gen-erate, generate", "serve, server", "chekc, check"})
    void a_verb_that_is_misspelt_is_told_its_nearest(String typed, String meant) throws Exception {
        Launcher.Ended ended = Launcher.inClone().run(typed);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("'" + typed + "'", "Did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xyzzy", "", ".*", "--", "-x"})
    void a_verb_like_no_other_is_refused_without_a_guess(String typed) throws Exception {
        Launcher.Ended ended = Launcher.inClone().run(typed);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .contains("no verb '" + typed + "'", "./trayb help")
                .doesNotContain("Did you mean");
    }

    @Test
    void it_works_from_any_folder_and_through_links() throws Exception {
        Path link = Files.createSymbolicLink(elsewhere.resolve("first"), Launcher.ROOT.resolve("trayb"));
        Path linkToLink = Files.createSymbolicLink(elsewhere.resolve("second"), link);
        assertThat(Launcher.inClone().calledAs(linkToLink, elsewhere).run("help"))
                .isEqualTo(Launcher.inClone().run("help"));
    }

    @Test
    void what_is_no_terminal_gets_no_colours() throws Exception {
        assertThat(Launcher.inClone().with("TERM", "xterm").run("help").out()).doesNotContain("\u001b");
    }

    @Test
    void shellcheck_finds_nothing() throws Exception {
        Launcher.Ended ended =
                Launcher.run(List.of("shellcheck", "-a", "-x", "trayb", ".ci/run"), Launcher.ROOT, Map.of());
        assertThat(ended.out() + ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
    }
}
