package io.trayb.logging;

import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.AppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.logging.json.EventJsonLayoutBaseFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in each line which process it is of, where several write to one place. */
public final class LineNames {
    private static final String FIELD = "process";

    private LineNames() {}

    /**
     * Has every line begin with the name, or have it as the field {@code process} where lines are JSON. To be called before the
     * log is set up. A layout that isn't one of these two stays as it is.
     */
    public static void add(LoggingFactory logging, String name) {
        if (logging instanceof DefaultLoggingFactory usual) {
            for (AppenderFactory<?> appender : usual.getAppenders()) {
                if (appender instanceof AbstractAppenderFactory<?> written) {
                    add(written.getLayout(), name);
                }
            }
        }
    }

    private static void add(@Nullable Object layout, String name) {
        if (layout instanceof TextLayoutFactory text) {
            text.nameLines(name);
        } else if (layout instanceof EventJsonLayoutBaseFactory json) {
            Map<String, Object> fields = new LinkedHashMap<>(json.getAdditionalFields());
            fields.put(FIELD, name);
            json.setAdditionalFields(fields);
        }
    }
}
