package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rig that doesn't come up says why, and leaves nothing behind. */
class RigTest {
    @TempDir
    Path folder;

    @Test
    void a_node_that_does_not_come_up_is_told_with_the_end_of_its_log() throws Exception {
        try (TopologyNode node = new TopologyNode(
                "node-1",
                folder,
                List.of(),
                LastingPort.free(),
                LastingPort.free(),
                Map.of("JOB_CONCURRENCY", "many"))) {
            node.start();

            assertThatThrownBy(node::awaitReady)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("the service ended with exit code 1; the end of " + node.log())
                    .hasMessageContaining("is 'many' (set by JOB_CONCURRENCY), must be a whole number");
            assertThat(node.isRunning()).isFalse();
        }
    }

    @Test
    void of_a_log_its_last_lines_are_told() throws Exception {
        Path log = folder.resolve("log");

        assertThat(LogTail.of(log)).isEqualTo("it has written no log: " + log);
        Files.writeString(log, "first\n".repeat(100) + "last\n");
        assertThat(LogTail.of(log)).endsWith("first\nlast").hasLineCount(41);
    }

    @Test
    void the_part_that_does_not_come_up_is_named_not_those_that_wait_for_it_and_the_others_are_ended() {
        List<String> ended = new CopyOnWriteArrayList<>();
        Parts parts = new Parts();
        CompletableFuture<AutoCloseable> there = parts.begin("one that comes up", () -> () -> ended.add("there"));
        CompletableFuture<AutoCloseable> failing = parts.begin("Postgres", () -> {
            throw new BindException("the port is taken");
        });
        CompletableFuture<AutoCloseable> waiting = parts.begin("PgBouncer", failing::join);

        assertThatThrownBy(() -> Parts.await(there, waiting, failing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Postgres didn't come up: the port is taken");
        parts.close();

        assertThat(ended).containsExactly("there");
    }
}
