package io.trayb.safety;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.JobHandler;
import io.trayb.testing.PluginJar;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Directories of classes that go before the service's own in the processes of a run. They are in no build of the product. */
public final class TestClasses {
    private static final Path OUTCOMES = Path.of("src/main/java/io/trayb/jobs/store/Outcomes.java");
    private static final Pattern FENCE =
            Pattern.compile("AND (said\\.lease_id = job\\.lease_id|job\\.lease_id = said\\.lease_id)");

    private TestClasses() {}

    /** Makes a handler known to the services that have this directory. */
    public static Path handler(Path directory, Class<? extends JobHandler<?>> handler) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(JobHandler.class.getName()), handler.getName() + "\n");
        return directory;
    }

    /**
     * The statements that write outcomes as they are in the product's source, but for one condition: that the lease is still the
     * job's.
     */
    static Path withoutTheFence(Path directory) throws IOException {
        Matcher fence = FENCE.matcher(Files.readString(OUTCOMES));
        assertThat(fence.results().count())
                .as(
                        "the places in %s where the lease is compared; if they are written otherwise now, so must this be",
                        OUTCOMES)
                .isEqualTo(4);
        Path source = Files.createDirectories(directory.resolve("source")).resolve("Outcomes.java");
        Files.writeString(source, fence.replaceAll(""));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            List.of("-d", classes.toString(), "-cp", PluginJar.classPath(), "-proc:none"),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        return classes;
    }
}
