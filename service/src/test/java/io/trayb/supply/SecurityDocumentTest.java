package io.trayb.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/security.md} names a test for each thing that it says is done, and there is such a test. */
class SecurityDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TEST = Pattern.compile("`([A-Za-z]+Test)`");

    @Test
    void every_test_that_is_named_is_there() throws IOException {
        assertThat(namedIn(rows())).isNotEmpty().isSubsetOf(testClasses());
    }

    @Test
    void every_row_of_the_tables_of_standards_names_one() throws IOException {
        assertThat(rows())
                .hasSizeGreaterThan(25)
                .allSatisfy(row -> assertThat(namedIn(List.of(row))).as(row).isNotEmpty());
    }

    /** Those that begin with an item of a standard. */
    private static List<String> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/security.md")).stream()
                .filter(line -> line.matches("\\| (?:API\\d+:2023|V\\d+\\.\\d+).*"))
                .toList();
    }

    private static Set<String> namedIn(List<String> lines) {
        return lines.stream()
                .flatMap(line -> TEST.matcher(line).results().map((MatchResult name) -> name.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> testClasses() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : List.of("service", "monitoring")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith("Test.java"))
                        .map(name -> name.substring(0, name.length() - ".java".length()))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
