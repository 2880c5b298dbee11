package io.trayb.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A metric has its name in one place. A second one, in code or in a comment, would go on saying what isn't so any more. */
class MetricNamesTest {
    private static final Pattern NAME = Pattern.compile("\\b[a-z]+_[a-z0-9_]+\\b");
    private static final String CATALOG = "monitoring/src/main/java/io/trayb/monitoring/catalog/";

    @Test
    void no_source_outside_the_catalogue_names_a_metric() throws IOException {
        Set<String> names = TraybCatalog.withDefaults().ownMetrics().stream()
                .flatMap(metric -> Stream.concat(Stream.of(metric.name()), metric.sampleNames().stream()))
                .collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        Path root = Repository.root();
        for (String module : List.of("monitoring", "service")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    if (!path.startsWith(CATALOG)) {
                        namesIn(file).stream().filter(names::contains).forEach(name -> found.add(path + ": " + name));
                    }
                }
            }
        }
        assertThat(found).as("use the constant in the catalogue").isEmpty();
    }

    private static List<String> namesIn(Path file) throws IOException {
        Matcher matcher = NAME.matcher(Files.readString(file));
        return matcher.results().map(result -> result.group()).distinct().toList();
    }
}
