package io.trayb.http;

import static io.trayb.http.BodyRig.answer;
import static io.trayb.http.BodyRig.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WholeBodiesTest {
    @RegisterExtension
    final BodyRig rig = new BodyRig();

    @Test
    void nobody_is_called_before_the_body_is_whole() throws IOException {
        Socket client = rig.request("Content-Length: 9");
        send(client, "abc");
        Socket other = rig.request("Content-Length: 3");
        send(other, "abc");
        assertThat(answer(other)).startsWith("HTTP/1.1 200").endsWith("heard 3");
        assertThat(rig.called).hasValue(1);

        send(client, "defghi");

        assertThat(answer(client)).startsWith("HTTP/1.1 200").endsWith("heard 9");
    }

    @Test
    void a_body_in_chunks_is_one_like_any_other() throws IOException {
        Socket client = rig.request("Transfer-Encoding: chunked");
        send(client, "3\r\nabc\r\n");
        send(client, "4\r\ndefg\r\n");
        send(client, "0\r\n\r\n");

        assertThat(answer(client)).endsWith("heard 7");
    }

    @Test
    void a_body_in_chunks_that_turns_out_to_have_nothing_in_it_is_one_too() throws IOException {
        Socket client = rig.request("Transfer-Encoding: chunked");
        await().until(() -> rig.asked.get() >= 2);
        send(client, "0\r\n\r\n");

        assertThat(answer(client)).endsWith("heard 0");
    }

    @Test
    void a_body_that_breaks_the_rules_of_chunks_is_a_bad_request() throws IOException {
        Socket client = rig.request("Transfer-Encoding: chunked");
        send(client, "3\r\nabc\r\n");
        rig.gathered(1);
        send(client, "what\r\n");

        assertThat(answer(client)).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(rig.called).hasValue(0);
    }

    @Test
    void a_body_that_ends_early_is_a_bad_request() throws IOException {
        Socket client = rig.request("Content-Length: 9");
        send(client, "abc");
        rig.gathered(1);
        client.shutdownOutput();

        assertThat(answer(client)).startsWith("HTTP/1.1 400").contains("Early EOF");
        assertThat(rig.called).hasValue(0);
    }

    @Test
    void a_request_without_a_body_and_one_with_too_large_a_one_wait_for_nothing() throws IOException {
        assertThat(answer(rig.request("X-Any: thing"))).endsWith("heard 0");

        Socket client = rig.request("Content-Length: " + (BodyLimit.BATCH + 1));
        await().untilAsserted(() -> assertThat(rig.called).hasValue(2));
        client.shutdownOutput();
    }

    @Test
    void a_body_that_comes_too_slowly_is_refused() throws IOException {
        Socket client = rig.request("Content-Length: 100000");

        await().until(() -> {
            rig.later(Duration.ofSeconds(3));
            send(client, "a");
            return client.getInputStream().available() > 0;
        });

        assertThat(answer(client)).startsWith("HTTP/1.1 408").contains("more slowly than 2048 bytes a second");
        assertThat(rig.called).hasValue(0);
    }

    @Test
    void a_quick_beginning_is_no_credit_for_a_body_that_drips_from_there() throws IOException {
        Socket client = rig.request("Content-Length: 100000");
        send(client, 90_000);
        rig.gathered(90_000);

        for (int i = 0; i < 4; i++) {
            assertThat(client.getInputStream().available()).isZero();
            rig.later(Duration.ofSeconds(3));
            int before = rig.asked.get();
            send(client, "a");
            // Once when the byte comes, and once to judge.
            await().until(() -> rig.asked.get() >= before + 2);
        }

        assertThat(answer(client)).startsWith("HTTP/1.1 408").contains("for longer than 10 s; 90004 bytes");
        assertThat(rig.called).hasValue(0);
        await().until(() -> rig.budget.taken() == 0);
    }

    @Test
    void time_in_which_this_process_slept_is_not_held_against_the_client() throws IOException {
        Socket client = rig.request("Content-Length: 4");
        send(client, "a");
        rig.gathered(1);
        rig.later(Duration.ofHours(1));
        int before = rig.asked.get();
        send(client, "b");
        await().until(() -> rig.asked.get() >= before + 2);
        send(client, "cd");

        assertThat(answer(client)).startsWith("HTTP/1.1 200").endsWith("heard 4");
    }

    @Test
    void a_client_that_sends_nothing_more_hears_why_its_connection_ends() throws IOException {
        rig.idleTimeout(Duration.ofMillis(200));
        Socket client = rig.request("Content-Length: 10");
        send(client, "abc");

        assertThat(answer(client)).startsWith("HTTP/1.1 408").contains("Nothing came of the rest");
        assertThat(rig.called).hasValue(0);
    }
}
