package io.trayb.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.logging.common.AbstractAppenderFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.layout.DiscoverableLayoutFactory;
import io.trayb.keys.KeyText;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ShippedConfiguration;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Nothing that a client sends begins a line of the log, or moves the terminal of whoever reads it. */
class LogForgeryTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("LOG_LEVEL", "TRACE"));

    private static final String FORGED = "FORGED";
    private static final List<String> BREAKS =
            List.of("%0d%0a", "%0a", "%0d", "%e2%80%a8", "%c2%85", "%1b[2J", "%e2%80%ae");

    /** An entry's first line; its further ones, which are set in; the lines of an exception. */
    private static final Pattern LINE =
            Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} (?:ERROR|WARN|INFO|DEBUG|TRACE) .*|    .*|!.*|");

    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
    private static final ByteArrayOutputStream FOR_MACHINES = new ByteArrayOutputStream();
    private static final List<OutputStreamAppender<ILoggingEvent>> APPENDERS = new ArrayList<>();

    @BeforeAll
    static void logAsTheServiceDoes() throws Exception {
        logTo(LOG, layout("text"));
        logTo(FOR_MACHINES, layout("json"));
    }

    /** Of the first appender of the shipped configuration. */
    private static DiscoverableLayoutFactory<?> layout(String format) throws Exception {
        DefaultLoggingFactory logging = (DefaultLoggingFactory)
                ShippedConfiguration.load(Map.of("LOG_FORMAT", format)).getLoggingFactory();
        return ((AbstractAppenderFactory<?>) logging.getAppenders().get(0)).getLayout();
    }

    @SuppressWarnings("unchecked") // An appender of events has a layout for events.
    private static void logTo(ByteArrayOutputStream out, DiscoverableLayoutFactory<?> factory) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        var layout = (LayoutBase<ILoggingEvent>) factory.build(context, TimeZone.getTimeZone("UTC"));
        layout.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.start();
        root().addAppender(appender);
        APPENDERS.add(appender);
    }

    @AfterAll
    static void stop() {
        APPENDERS.forEach(root()::detachAppender);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    void a_key_where_none_belongs_is_in_no_line_of_either_kind() {
        String key = KeyText.generate(new SecureRandom()).reveal();

        LoggerFactory.getLogger(LogForgeryTest.class).info("sent: {}", key, new IllegalArgumentException(key));

        for (ByteArrayOutputStream log : List.of(LOG, FOR_MACHINES)) {
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .contains("sent: traybkey_")
                    .doesNotContain(key);
        }
    }

    @Test
    void no_field_of_any_request_begins_a_line() throws Exception {
        assertThat(root().getLevel()).isEqualTo(Level.TRACE);
        ServiceClient client = service.client();
        for (String line : BREAKS) {
            String text = line + "12:00:00.000 ERROR " + FORGED;
            String path = text.replace(" ", "%20");
            for (String call : List.of(
                    "GET /api/v1/jobs/" + path,
                    "DELETE /api/v1/jobs/" + path,
                    "POST /api/v1/jobs/" + path + "/retry",
                    "POST /api/v1/queues/" + path + "/pause",
                    "PUT /api/v1/queues/" + path,
                    "DELETE /api/v1/schedules/" + path,
                    "DELETE /api/v1/keys/" + path,
                    "GET /api/v1/jobs?queue=" + path,
                    "GET /api/v1/events?topic=" + path,
                    "GET /api/v1/events/poll?topic=jobs&ticket=" + path)) {
                RawAnswer.to(
                                service.port(),
                                call + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: " + path
                                        + "\r\nContent-Length: 0\r\n\r\n")
                        .isNoFailure();
            }
        }
        for (String line : List.of("\\r\\n", "\\n", "\\r", "\\u2028", "\\u0085", "\\u001b[2J", "\\u202e")) {
            String text = line + "12:00:00.000 ERROR " + FORGED;
            client.post("/jobs", "{'type':'" + text + "'}").problem(400);
            client.post("/jobs", "{'" + text + "':1}").problem(400);
            client.post("/schedules", "{'name':'" + text + "','cron':'" + text + "','timeZone':'" + text + "'}")
                    .problem(400);
            client.post("/keys", "{'name':'" + text + "','scopes':['" + text + "']}")
                    .problem(400);
            client.post("/queues/q/leases", "{'worker':'" + text + "'}").problem(400);
            client.post("/events/tickets", "{'topics':['" + text + "']}").problem(400);
            // Handlers' failures are logged at DEBUG, and the message is the client's.
            String quoted = "\\\"}" + line + "{\\\"level\\\":\\\"ERROR\\\",\\\"message\\\":\\\"" + FORGED;
            assertThat(client.postAs("application/json", "/jobs", "{\"type\":\"" + quoted + "\"}")
                            .status())
                    .isEqualTo(400);
            String job = "{\"type\":\"fail\",\"maxAttempts\":1,\"payload\":{\"message\":\"" + quoted + "\"}}";
            assertThat(client.postAs("application/json", "/jobs", job).status()).isEqualTo(201);
            String failed = client.submit("{'type':'fail','maxAttempts':1,'payload':{'message':'" + text + "'}}");
            client.awaitState(failed, "failed");
            String misread = client.submit("{'type':'sleep','maxAttempts':1,'payload':{'ms':'" + text + "'}}");
            client.awaitState(misread, "failed");
        }

        String log = LOG.toString(StandardCharsets.UTF_8);
        assertThat(log).as("something of it was logged").contains(FORGED);
        assertThat(log.split("\n", -1)).allMatch(line -> LINE.matcher(line).matches());
        assertThat(log.chars().filter(c -> c < ' ' && c != '\n' && c != '\t')).isEmpty();
        assertThat(log).doesNotContain("\u2028", "\u0085", "\u202e");
        assertThat(log.lines().filter(line -> line.contains(FORGED)))
                .noneMatch(line -> line.startsWith("12:00:00.000"));
        everyLineIsAnEntry(FOR_MACHINES.toString(StandardCharsets.UTF_8));
    }

    /** However somebody cuts it into lines. */
    private static void everyLineIsAnEntry(String log) {
        assertThat(log).as("something of it was logged").contains(FORGED);
        assertThat(log.split("\\R", -1)).isEqualTo(log.split("\n", -1));
        assertThat(log.chars().filter(c -> (c < ' ' && c != '\n') || c > '~')).isEmpty();
        String[] lines = log.strip().split("\n", -1);
        assertThat(lines).allSatisfy(line -> {
            JsonNode entry = ServiceClient.parse(line);
            assertThat(entry.path("level").asText()).isIn("ERROR", "WARN", "INFO", "DEBUG", "TRACE");
            assertThat(entry.path("message").isTextual()).isTrue();
            assertThat(entry.path("timestamp").isIntegralNumber()).isTrue();
        });
    }
}
