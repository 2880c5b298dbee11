package io.trayb.monitoring.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.Repository;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.generate.Difference;
import io.trayb.monitoring.generate.Generator;
import io.trayb.monitoring.render.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes each number and name in each committed file, and in the facts of each runbook, and demands that the build's check names
 * exactly the file. One place in so many in each run, all of them with {@code -Dtrayb.long=true}.
 */
class FileMutationTest {
    private static final int ONE_IN = Boolean.getBoolean("trayb.long") ? 1 : 199;
    private static final Pattern NUMBER_OR_NAME = Pattern.compile("[A-Za-z0-9_]+");
    private static final String BEGIN_OF_FACTS = "<!-- facts: written by `./trayb generate` -->";
    private static final String END_OF_FACTS = "<!-- end of the facts -->";

    private static final Catalog CATALOG = TraybCatalog.withDefaults();
    private static final Artifacts ARTIFACTS = Artifacts.of(CATALOG);

    @TempDir
    private Path folder;

    /** By the path, what the repository has. */
    private final Map<String, String> committed = new LinkedHashMap<>();

    @BeforeEach
    void start_from_what_is_committed() throws IOException {
        Path root = Repository.root();
        try (Stream<Path> pages = Files.list(root.resolve("docs/runbooks"))) {
            Stream.concat(
                            ARTIFACTS.files().keySet().stream(),
                            pages.map(page -> "docs/runbooks/" + page.getFileName())
                                    .sorted())
                    .forEach(path -> committed.put(path, ""));
        }
        for (String path : List.copyOf(committed.keySet())) {
            String text = Files.readString(root.resolve(path));
            committed.put(path, text);
            Files.createDirectories(folder.resolve(path).getParent());
            Files.writeString(folder.resolve(path), text);
        }
    }

    @Test
    void every_changed_number_and_name_in_a_committed_file_is_noticed_in_that_file() throws IOException {
        Generator generator = new Generator(folder, CATALOG);
        assertThat(generator.check()).isEmpty();
        Map<String, List<MatchResult>> places = new LinkedHashMap<>();
        committed.forEach((path, text) -> places.put(path, numbersAndNames(path, text)));
        int most = places.values().stream().mapToInt(List::size).max().orElseThrow();
        int count = 0;
        // One place in each file at once: each check reads all files anyhow.
        for (int i = (int) (System.currentTimeMillis() / 86_400_000 % ONE_IN); i < most; i += ONE_IN) {
            Set<String> changed = new TreeSet<>();
            for (Map.Entry<String, List<MatchResult>> file : places.entrySet()) {
                if (i < file.getValue().size()) {
                    MatchResult place = file.getValue().get(i);
                    String text = committed.get(file.getKey());
                    write(file.getKey(), text.substring(0, place.start()) + "7x" + text.substring(place.end()));
                    changed.add(file.getKey());
                }
            }
            assertThat(generator.check().stream().map(Difference::path).collect(Collectors.toSet()))
                    .as("number or name " + i)
                    .isEqualTo(changed);
            for (String path : changed) {
                write(path, committed.get(path));
            }
            count += changed.size();
        }
        places.forEach((path, found) -> System.out.println("mutants of " + path + ": " + found.size()));
        System.out.printf(
                "%d of %d mutants of committed files tried, 0 not noticed%n",
                count, places.values().stream().mapToInt(List::size).sum());
    }

    /** In a runbook only those of its facts: what is written by hand is looked after by other checks. */
    private static List<MatchResult> numbersAndNames(String path, String text) {
        boolean runbook = !ARTIFACTS.files().containsKey(path);
        int from = runbook ? text.indexOf(BEGIN_OF_FACTS) + BEGIN_OF_FACTS.length() : 0;
        int to = runbook ? text.indexOf(END_OF_FACTS) : text.length();
        return NUMBER_OR_NAME
                .matcher(text)
                .results()
                .filter(place -> place.start() >= from && place.end() <= to)
                .toList();
    }

    private void write(String path, String text) throws IOException {
        Files.writeString(folder.resolve(path), text);
    }
}
