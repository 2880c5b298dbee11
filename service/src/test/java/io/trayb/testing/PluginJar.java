package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A jar with a job handler, made as somebody outside of this project would: compiled against it, and packed. */
public final class PluginJar {
    private PluginJar() {}

    /**
     * Compiles one class and packs it with the entry by which it is found.
     *
     * @param className its full name
     * @param source all of its file
     */
    public static void build(Path jar, String className, String source) throws IOException {
        Path classes = Files.createTempDirectory(jar.getParent(), "classes");
        compile(className, source, classes);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> compiled = Files.walk(classes)) {
            for (Path file : compiled.filter(Files::isRegularFile).toList()) {
                add(out, classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
            add(out, "META-INF/services/io.trayb.jobs.JobHandler", (className + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What this JVM's tests run with, also where Surefire hides it behind a jar of its own. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static void compile(String className, String source, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options = List.of("-d", classes.toString(), "-cp", classPath(), "-proc:none");
        boolean compiled = compiler.getTask(said, null, null, options, null, List.of(new Source(className, source)))
                .call();
        assertThat(compiled).as(said.toString()).isTrue();
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
