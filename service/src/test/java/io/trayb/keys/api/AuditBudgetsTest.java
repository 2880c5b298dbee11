package io.trayb.keys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.trayb.testing.LoggedLines;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much of the audit log those can have who are refused, and that they hide nobody else by it. */
class AuditBudgetsTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    /** More than a minute's lines, and than two minutes' where another one begins meanwhile. */
    private static final int MANY = 250;

    @Test
    void whoever_is_refused_again_and_again_has_no_more_lines_than_there_are_for_it_and_hides_nobody_else()
            throws Exception {
        String root = made(service.client(), "{'name':'root','scopes':['read','operate']}");
        ServiceClient operator = service.client().with(root);
        String gone = made(operator, "{'name':'gone','scopes':['operate']}");
        String rated = made(operator, "{'name':'rated','scopes':['operate'],'rate':'1/h'}");
        operator.delete("/keys/gone").json(200);
        try (LoggedLines lines = LoggedLines.of(Audit.LOGGER, Level.INFO)) {
            for (int i = 0; i < MANY; i++) {
                service.client().post("/queues/q/pause").problem(401);
            }
            service.client().with(gone).post("/queues/q/pause").problem(401);
            for (int i = 0; i < MANY; i++) {
                service.client().with(rated).post("/keys", "{}");
            }
            operator.post("/queues/q/pause").json(200);

            await().untilAsserted(() -> assertThat(of(lines, "\"keyId\":\"" + gone.substring(9, 21)))
                    .isEqualTo(1));
            assertThat(of(lines, "\"keyId\":null")).isBetween(100L, MANY - 1L);
            assertThat(of(lines, "\"key\":\"rated\"")).isBetween(50L, MANY - 1L);
            assertThat(of(lines, "\"key\":\"root\"")).isEqualTo(1);
        }
    }

    private static String made(ServiceClient client, String body) {
        return client.post("/keys", body).json(201).path("key").asText();
    }

    private static long of(LoggedLines lines, String part) {
        return lines.messages().stream().filter(line -> line.contains(part)).count();
    }
}
