package io.trayb.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each text of the committed corpus: good ones to begin from, and every one that a fuzzer ever found. */
class ParsersTest {
    static final Path CORPUS = Path.of("src/test/resources/io/trayb/fuzz/corpus");

    @TestFactory
    Stream<DynamicTest> every_text_is_read_or_refused_as_promised() throws IOException {
        return corpus().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(), () -> Parsers.fuzzerTestOneInput(Files.readAllBytes(file))));
    }

    @Test
    void there_is_a_text_to_begin_from_for_every_parser() throws IOException {
        List<Character> begun = corpus().stream().map(ParsersTest::letter).toList();

        assertThat(begun).containsAll(Parsers.byLetter().keySet());
    }

    @Test
    void no_input_at_all_and_any_first_byte_will_do() {
        assertThatCode(() -> Parsers.fuzzerTestOneInput(new byte[0])).doesNotThrowAnyException();
        for (int first = 0; first < 256; first++) {
            Parsers.fuzzerTestOneInput(new byte[] {(byte) first});
        }
    }

    private static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.sorted().toList();
        }
    }

    private static char letter(Path file) {
        try {
            return (char) Files.readAllBytes(file)[0];
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
