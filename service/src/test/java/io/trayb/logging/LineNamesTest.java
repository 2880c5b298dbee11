package io.trayb.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.LayoutBase;
import io.dropwizard.logging.common.ConsoleAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import io.dropwizard.logging.json.EventJsonLayoutBaseFactory;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

class LineNamesTest {
    @Test
    void every_line_for_people_begins_with_the_name() {
        TextLayoutFactory text = new TextLayoutFactory();

        LineNames.add(logging(text), "api-2");

        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        LayoutBase<ILoggingEvent> layout = text.build(context, TimeZone.getTimeZone("UTC"));
        layout.start();
        assertThat(layout.doLayout(new LoggingEvent(
                        "caller", context.getLogger("io.trayb.Thing"), Level.INFO, "(said)", null, new Object[0])))
                .matches("api-2     \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  io\\.trayb\\.Thing +\\(said\\)\\R");
    }

    @Test
    void every_line_for_machines_has_it_as_a_field_beside_those_that_are_configured() {
        EventJsonLayoutBaseFactory json = new EventJsonLayoutBaseFactory();
        json.setAdditionalFields(Map.of("site", "vienna"));

        LineNames.add(logging(json), "api-2");

        assertThat(json.getAdditionalFields()).isEqualTo(Map.of("site", "vienna", "process", "api-2"));
    }

    private static DefaultLoggingFactory logging(DiscoverableLayoutFactory<ILoggingEvent> layout) {
        ConsoleAppenderFactory<ILoggingEvent> console = new ConsoleAppenderFactory<>();
        console.setLayout(layout);
        DefaultLoggingFactory logging = new DefaultLoggingFactory();
        logging.setAppenders(List.of(console));
        return logging;
    }
}
