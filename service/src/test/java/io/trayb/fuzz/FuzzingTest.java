package io.trayb.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.Figures;
import io.trayb.testing.PluginJar;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Bends the corpus by what it reaches, in a JVM of its own. What breaks a promise is written to {@code target/fuzz/}: copy it to the
 * corpus, with a name that says what it was, and mend the parser. Twenty thousand texts at each build; ten minutes with
 * {@code -Dtrayb.long=true}, or as many seconds as {@code -Dtrayb.fuzz.seconds} says.
 */
class FuzzingTest {
    private static final boolean LONG =
            Boolean.getBoolean("trayb.long") || System.getProperty("trayb.fuzz.seconds") != null;
    private static final int SECONDS = Integer.getInteger("trayb.fuzz.seconds", LONG ? 600 : 120);
    /** Of the usual run, which is over with these, in a third of its time unless the machine is busy; -1 is for as many as there is time for. */
    private static final int TEXTS = LONG ? -1 : 5_000;
    /** Fewer, and something keeps the fuzzer from its work. Of the usual run half, for which a busy machine has six times as long as it needs. */
    private static final int FEWEST = LONG ? 100 * SECONDS : TEXTS / 2;

    private static final int START_AND_STOP_SECONDS = 120;
    private static final String LOOKED_INTO = "io.trayb.**:com.cronutils.**:com.fasterxml.jackson.core.**";
    private static final Path FOUND = Path.of("target", "fuzz");

    @Test
    void no_text_that_a_fuzzer_comes_upon_breaks_a_promise() throws Exception {
        Path reached = Files.createDirectories(FOUND.resolve("reached"));
        Path log = FOUND.resolve("log.txt");
        Process jazzer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        PluginJar.classPath(),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + Parsers.class.getName(),
                        // Libraries that read what clients send are looked into as well.
                        "--instrumentation_includes=" + LOOKED_INTO,
                        // Else each class of every library is taken apart for hooks that only those above are asked
                        // for.
                        "--custom_hook_includes=" + LOOKED_INTO,
                        "--reproducer_path=" + FOUND,
                        "-artifact_prefix=" + FOUND + "/found-",
                        "-max_total_time=" + SECONDS,
                        "-runs=" + TEXTS,
                        "-max_len=2000",
                        "-timeout=60",
                        "-rss_limit_mb=3000",
                        "-print_final_stats=1",
                        reached.toString(),
                        ParsersTest.CORPUS.toString()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        try {
            assertThat(jazzer.waitFor(SECONDS + START_AND_STOP_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            jazzer.destroyForcibly();
        }

        String said = Files.readString(log);
        assertThat(jazzer.exitValue()).as(said).isZero();
        Matcher executed =
                Pattern.compile("stat::number_of_executed_units: (\\d+)").matcher(said);
        assertThat(executed.find()).as(said).isTrue();
        Figures.note("fuzzing: " + executed.group(1) + " texts, at most " + SECONDS + " s, " + reach(said));
        assertThat(Long.parseLong(executed.group(1)))
                .as("texts that were tried")
                .isGreaterThanOrEqualTo(FEWEST);
    }

    /** How far the fuzzer got, in its own words: edges covered, features, and texts that it keeps for them. */
    private static String reach(String said) {
        Matcher last = Pattern.compile("cov: \\d+ ft: \\d+ corp: \\d+").matcher(said);
        String reached = "nothing new";
        while (last.find()) {
            reached = last.group();
        }
        return reached;
    }
}
