package io.trayb.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A metric has its name in one place. A string with the name in it anywhere else would go on saying what isn't so any more. */
class MetricNamesTest {
    private static final Pattern NAME = Pattern.compile("\\b[a-z]+_[a-z0-9_]+\\b");
    /** Comments, which are passed over since they may name an index that is called like a metric; strings; characters. */
    private static final Pattern LITERAL = Pattern.compile(
            "//[^\\n]*|/\\*[\\s\\S]*?\\*/|(\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\")|'(?:\\\\.|[^'\\\\])+'");

    private static final String CATALOG = "monitoring/src/main/java/io/trayb/monitoring/catalog/";

    @Test
    void no_string_outside_the_catalogue_names_a_metric() throws IOException {
        assertThat(placesThatNameAMetric())
                .as("use the constant in the catalogue")
                .allMatch(place -> place.startsWith(CATALOG));
    }

    @Test
    void every_metric_is_found_where_it_is_declared() throws IOException {
        assertThat(placesThatNameAMetric())
                .hasSizeGreaterThanOrEqualTo(
                        TraybCatalog.withDefaults().ownMetrics().size());
    }

    private static List<String> placesThatNameAMetric() throws IOException {
        Set<String> names = TraybCatalog.withDefaults().ownMetrics().stream()
                .flatMap(metric -> Stream.concat(Stream.of(metric.name()), metric.sampleNames().stream()))
                .collect(Collectors.toSet());
        List<String> places = new ArrayList<>();
        Path root = Repository.root();
        for (String module : List.of("monitoring", "service")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(MetricNamesTest::isSource).toList()) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    namesIn(file).stream().filter(names::contains).forEach(name -> places.add(path + ": " + name));
                }
            }
        }
        return places;
    }

    /** Code and templates. In SQL the same words are tables and indexes. */
    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java") || file.toString().endsWith(".mustache");
    }

    private static List<String> namesIn(Path file) throws IOException {
        String text = Files.readString(file);
        String strings = file.toString().endsWith(".java")
                ? LITERAL.matcher(text)
                        .results()
                        .map(result -> result.group(1))
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("\n"))
                : text;
        return NAME.matcher(strings)
                .results()
                .map(result -> result.group())
                .distinct()
                .toList();
    }
}
