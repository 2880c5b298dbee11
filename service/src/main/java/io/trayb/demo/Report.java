package io.trayb.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said when all is over. */
final class Report {
    private static final String ROW = "  %-14s %6s %10s %7s %16s %12s %12s";

    private Report() {}

    static List<String> of(Scoreboard board, Duration took) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(
                "%d jobs ended in %.1f s: %s.".formatted(board.total(), took.toMillis() / 1e3, Display.counts(board)));
        lines.add("");
        lines.add(
                ROW.formatted("queue", "jobs", "completed", "failed", "failed attempts", "median run", "longest run"));
        for (Scoreboard.QueueScore queue : board.queues()) {
            lines.add(ROW.formatted(
                    queue.name(),
                    queue.jobs(),
                    queue.endedAs(JobState.COMPLETED),
                    queue.endedAs(JobState.FAILED),
                    queue.failedAttempts(),
                    milliseconds(queue.medianMs()),
                    milliseconds(queue.longestMs())));
        }
        lines.add("");
        return lines;
    }

    private static String milliseconds(@Nullable Long value) {
        return value == null ? "-" : value + " ms";
    }
}
