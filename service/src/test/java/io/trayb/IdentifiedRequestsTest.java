package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ExceptionProblems;
import io.trayb.http.RequestIds;
import io.trayb.keys.api.Audit;
import io.trayb.logging.TextLayoutFactory;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.LoggedLines;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.UnpooledJdbi;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** An id that a request comes with, or is given, is in its answer and in whatever is logged of it. */
class IdentifiedRequestsTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    @Test
    void a_request_may_bring_an_id_which_comes_back_and_gets_one_otherwise() throws Exception {
        String own = "checkout/4711:retry=2";
        assertThat(service.client().get("/jobs", RequestIds.HEADER, own).header(RequestIds.HEADER))
                .isEqualTo(own);
        String first = service.client().get("/jobs").header(RequestIds.HEADER);
        assertThat(first).matches("[0-9a-f]{16}");
        assertThat(service.client().get("/jobs").header(RequestIds.HEADER)).isNotEqualTo(first);
        assertThat(HttpAnswers.get(service.adminPort(), "/metrics").headers().firstValue(RequestIds.HEADER))
                .isPresent();
    }

    @Test
    void an_id_that_does_not_belong_into_a_log_is_replaced() {
        for (String bad : List.of("x".repeat(129), "two words", "{\"key\":1}", "ü", "a\tb")) {
            assertThat(service.client().get("/jobs", RequestIds.HEADER, bad).header(RequestIds.HEADER))
                    .as(bad)
                    .matches("[0-9a-f]{16}");
        }
        assertThat(service.client()
                        .get("/jobs", RequestIds.HEADER, "x".repeat(128))
                        .header(RequestIds.HEADER))
                .hasSize(128);
    }

    @Test
    void the_id_is_in_the_audit_log_and_in_every_line_that_is_logged_meanwhile() {
        try (LoggedLines lines = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
            service.client()
                    .post("/queues/identified/pause", "{}", RequestIds.HEADER, "trace-1")
                    .json(200);
            ILoggingEvent line = lines.all().get(0);
            JsonNode written = ServiceClient.parse(line.getFormattedMessage());
            assertThat(written.path("requestId").asText()).isEqualTo("trace-1");
            assertThat(line.getMDCPropertyMap()).containsEntry(RequestIds.CONTEXT, "trace-1");
            assertThat(text(line)).contains("[trace-1] {\"at\"");
        }
        assertThat(text(new LoggingEvent(
                        "", (Logger) LoggerFactory.getLogger("a"), Level.INFO, "no request", null, null)))
                .contains(" no request")
                .doesNotContain("[");
    }

    @Test
    void the_id_is_in_what_is_logged_of_an_answer_that_another_thread_gives() {
        try (LoggedLines lines = LoggedLines.of(ExceptionProblems.class, Level.ERROR)) {
            // Who hadn't begun to wait is answered by its own thread, which shows nothing.
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                failWhileAWorkerWaits();
                return lines.all().stream().anyMatch(IdentifiedRequestsTest::isOfAnotherThread);
            });
            assertThat(lines.all())
                    .filteredOn(IdentifiedRequestsTest::isOfAnotherThread)
                    .allSatisfy(line -> assertThat(line.getMDCPropertyMap())
                            .as(line.getFormattedMessage())
                            .containsEntry(RequestIds.CONTEXT, "lease-1"));
        }
    }

    private static boolean isOfAnotherThread(ILoggingEvent line) {
        return line.getThreadName().startsWith("trayb-lease-answer");
    }

    private static void failWhileAWorkerWaits() throws Exception {
        CompletableFuture<ServiceClient.Answer> waiting = CompletableFuture.supplyAsync(() -> service.client()
                .post("/queues/nobodys/leases", "{'worker':'w','waitMs':20000}", RequestIds.HEADER, "lease-1"));
        // Most have begun to wait by then, which nothing shows; who hasn't is tried again.
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        rename("trayb_jobs", "trayb_jobs_elsewhere");
        try {
            waiting.get(30, TimeUnit.SECONDS).problem(500);
        } finally {
            rename("trayb_jobs_elsewhere", "trayb_jobs");
        }
    }

    private static void rename(String from, String to) throws SQLException {
        try (Connection connection = UnpooledJdbi.connect(service.database().url());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE " + from + " RENAME TO " + to);
        }
    }

    private static String text(ILoggingEvent line) {
        var layout = new TextLayoutFactory()
                .build((LoggerContext) LoggerFactory.getILoggerFactory(), TimeZone.getTimeZone("UTC"));
        layout.start();
        return layout.doLayout(line);
    }
}
