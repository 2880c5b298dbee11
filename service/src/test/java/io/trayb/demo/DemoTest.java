package io.trayb.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DemoTest {
    private static final List<SampleJob> TWO_JOBS =
            List.of(SampleJob.of("q", "noop", Map.of()), SampleJob.of("q", "echo", Map.of()));

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void it_ends_when_every_job_has_ended() throws Exception {
        try (ScriptedService service = new ScriptedService(List.of(completed("c1", 0) + completed("c2", 1)))) {
            Scoreboard board = run(service, null);
            assertThat(board.count(JobState.COMPLETED)).isEqualTo(2);
            assertThat(board.surprises()).isEmpty();
            assertThat(written.toString(StandardCharsets.UTF_8)).contains("2 of 2 ended: 2 completed");
        }
    }

    @Test
    void a_stream_that_breaks_is_resumed_from_its_last_cursor() throws Exception {
        try (ScriptedService service = new ScriptedService(List.of(completed("c1", 0), completed("c2", 1)))) {
            assertThat(run(service, null).ended()).isEqualTo(2);
            assertThat(service.cursors).containsExactly("null", "c1");
        }
    }

    @Test
    void after_a_gap_the_states_of_the_unfinished_are_read_again() throws Exception {
        String gap = "event: gap\ndata: {\"reason\":\"trimmed\",\"dropped\":null}\n\n";
        try (ScriptedService service = new ScriptedService(List.of(completed("c1", 0) + gap))) {
            assertThat(run(service, null).count(JobState.COMPLETED)).isEqualTo(2);
            assertThat(service.readAgain).containsExactly("job-1");
        }
    }

    @Test
    void the_key_goes_with_the_calls() throws Exception {
        try (ScriptedService service = new ScriptedService(List.of(completed("c1", 0) + completed("c2", 1)))) {
            run(service, "secret");
            assertThat(service.keys).containsExactly("Bearer secret");
        }
    }

    @ParameterizedTest
    @CsvSource({"401, TRAYB_KEY", "403, scopes submit and read", "404, Is this Trayb?", "503, not you"})
    void a_refusal_is_told_with_the_services_words_and_what_to_do(int status, String advice) throws Exception {
        try (ScriptedService service = new ScriptedService(List.of())) {
            service.refuseStreamsWith = status;
            assertThatThrownBy(() -> run(service, null))
                    .isInstanceOf(DemoException.class)
                    .hasMessageContaining(String.valueOf(status))
                    .hasMessageContaining("not you")
                    .hasMessageContaining(advice);
        }
    }

    @Test
    void where_nothing_listens_it_says_so_and_what_to_do() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        }
        Demo demo = new Demo(new TraybClient(nobody, null), System::nanoTime);
        assertThatThrownBy(() -> demo.run(TWO_JOBS, display()))
                .isInstanceOf(DemoException.class)
                .hasMessageContaining(nobody.toString())
                .hasMessageContaining("./trayb up");
    }

    private Scoreboard run(ScriptedService service, @Nullable String key) throws InterruptedException {
        return new Demo(new TraybClient(service.uri(), key), System::nanoTime).run(TWO_JOBS, display());
    }

    private LineDisplay display() {
        return new LineDisplay(new PrintStream(written, true, StandardCharsets.UTF_8), System::nanoTime);
    }

    private static String completed(String cursor, int job) {
        return "id: %s\nevent: job.completed\ndata: {\"jobId\":\"job-%d\",\"durationMs\":3}\n\n".formatted(cursor, job);
    }
}
