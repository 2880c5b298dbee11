package io.trayb.logging;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.logging.json.EventJsonLayoutBaseFactory;
import io.dropwizard.logging.json.layout.JsonFormatter;
import io.trayb.keys.KeyText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log lines for machines ({@code LOG_FORMAT=json}): Dropwizard's, in ASCII. JSON allows U+2028, U+0085 and the like as they are, and
 * many who read a file line by line take them for the end of a line; so what a client sends could begin one. Has the name of
 * Dropwizard's own, whose place it takes where it is registered. Keys are left out, as they are of lines of text.
 */
@JsonTypeName("json")
public final class JsonLayoutFactory extends EventJsonLayoutBaseFactory {
    @Override
    protected JsonFormatter createDropwizardJsonFormatter() {
        ObjectMapper ascii = Jackson.newObjectMapper();
        ascii.getFactory().configure(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature(), true);
        return new JsonFormatter(ascii, isPrettyPrint(), isAppendLineSeparator()) {
            @Override
            public @Nullable String toJson(@Nullable Map<String, Object> line) {
                String text = super.toJson(line);
                return text == null ? null : KeyText.hiddenIn(text).replace("…", "\\u2026");
            }
        };
    }
}
