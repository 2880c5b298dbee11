package io.trayb.monitoring.render;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A Mustache template beside this class, for what people read as text. Immutable, thread-safe. */
final class Template {
    private final com.samskivert.mustache.Template compiled;

    private Template(com.samskivert.mustache.Template compiled) {
        this.compiled = compiled;
    }

    /**
     * The template in the resource of that name.
     *
     * @throws IllegalStateException when there is none: the jar is not whole
     */
    static Template named(String name) {
        try (InputStream stream = Template.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the template " + name + " is missing from the jar");
            }
            try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
                return new Template(Mustache.compiler().escapeHTML(false).compile(reader));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the template " + name + " can't be read", e);
        }
    }

    /** Fills it in. A name in the template that the context doesn't have is refused. */
    String fill(Object context) {
        return compiled.execute(context);
    }
}
