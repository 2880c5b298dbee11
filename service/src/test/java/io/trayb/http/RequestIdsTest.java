package io.trayb.http;

import static io.trayb.http.BodyRig.answer;
import static io.trayb.http.BodyRig.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.trayb.testing.LoggedLines;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Of requests that are refused before anybody is called, and of work that is done for a request elsewhere. */
class RequestIdsTest {
    @RegisterExtension
    final BodyRig rig = new BodyRig();

    @Test
    void a_body_that_came_too_slowly_is_answered_and_logged_with_its_id() throws Exception {
        try (LoggedLines lines = LoggedLines.of(RefusedBodies.class, Level.DEBUG)) {
            Socket client = rig.request("Content-Length: 100000\r\nX-Request-Id: slow-1");
            await().until(() -> {
                rig.later(Duration.ofSeconds(3));
                send(client, "a");
                return client.getInputStream().available() > 0;
            });

            assertThat(answer(client)).startsWith("HTTP/1.1 408").contains("X-Request-Id: slow-1\r\n");
            assertThat(lines.all()).anySatisfy(line -> {
                assertThat(line.getFormattedMessage()).isEqualTo("A request's body came too slowly (408)");
                assertThat(line.getMDCPropertyMap()).containsEntry(RequestIds.CONTEXT, "slow-1");
            });
            await().until(() -> lines.messages().stream().anyMatch(line -> line.endsWith("among them [slow-1]")));
        }
    }

    @Test
    void a_body_for_which_there_is_no_thread_too_and_one_without_an_id_gets_one() throws Exception {
        rig.noThread.set(true);
        try (LoggedLines lines = LoggedLines.of(RefusedBodies.class, Level.DEBUG)) {
            Socket client = rig.request("Content-Length: 50000");
            send(client, 40_000);
            rig.gathered(40_000);
            send(client, 10_000);

            assertThat(answer(client)).startsWith("HTTP/1.1 503").contains("X-Request-Id: 0000000000000001\r\n");
            assertThat(lines.all()).anySatisfy(line -> {
                assertThat(line.getFormattedMessage())
                        .isEqualTo("A request's body found no memory or thread free (503)");
                assertThat(line.getMDCPropertyMap()).containsEntry(RequestIds.CONTEXT, "0000000000000001");
            });
        }
    }

    @Test
    void an_id_with_a_secret_in_it_is_replaced_like_one_of_another_shape() throws Exception {
        for (String bad : List.of("a-secret-1", "a b")) {
            Socket client = rig.request("Content-Length: 1\r\nX-Request-Id: " + bad);
            send(client, "a");

            assertThat(answer(client))
                    .containsPattern("X-Request-Id: 000000000000000[12]\r\n")
                    .doesNotContain(bad);
        }
    }

    @Test
    void work_for_a_request_on_another_thread_has_its_id_and_gives_the_thread_back_as_it_was() {
        List<String> ids = new ArrayList<>();
        RequestIds.during("outer", () -> {
            RequestIds.during("inner", () -> ids.add(RequestIds.current()));
            ids.add(RequestIds.current());
            RequestIds.during(null, () -> ids.add(RequestIds.current()));
            ids.add(RequestIds.current());
        });
        ids.add(RequestIds.current());

        assertThat(ids).containsExactly("inner", "outer", null, "outer", null);
    }
}
