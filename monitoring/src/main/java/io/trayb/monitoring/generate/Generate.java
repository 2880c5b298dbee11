package io.trayb.monitoring.generate;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The generator on the command line: {@code [--check] [ROOT]}, with the thresholds that the code has. */
public final class Generate {
    private Generate() {}

    /** Exits with 1 when {@code --check} finds a difference, and with 2 when the arguments can't be understood. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> rest = List.of(arguments);
        boolean check = rest.contains("--check");
        List<String> roots =
                rest.stream().filter(argument -> !argument.equals("--check")).toList();
        if (roots.size() > 1 || roots.stream().anyMatch(root -> root.startsWith("-"))) {
            out.println("arguments " + rest + " must be [--check] [ROOT]");
            System.exit(2);
        }
        Path root = Path.of(roots.isEmpty() ? "." : roots.get(0));
        if (!run(TraybCatalog.withDefaults(), root, check, out)) {
            System.exit(1);
        }
    }

    /**
     * Writes, or with {@code check} only compares, and says so in a line a file.
     *
     * @return false when {@code check} found a difference
     */
    public static boolean run(Catalog catalog, Path root, boolean check, PrintStream out) throws IOException {
        return run(new Generator(root, catalog), check, out);
    }

    /**
     * The same with a generator of one's own.
     *
     * @return false when {@code check} found a difference
     */
    public static boolean run(Generator generator, boolean check, PrintStream out) throws IOException {
        if (!check) {
            List<String> touched = generator.write();
            touched.forEach(path -> out.println("generated " + path));
            if (touched.isEmpty()) {
                out.println("all generated files are up to date");
            }
            return true;
        }
        List<Difference> differences = generator.check();
        differences.forEach(out::println);
        out.println(
                differences.isEmpty()
                        ? "all generated files are up to date"
                        : differences.size() + " differences; `./trayb generate` brings generated files up to date");
        return differences.isEmpty();
    }
}
