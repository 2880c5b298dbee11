package io.trayb.demo;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import me.tongfei.progressbar.InteractiveConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Bars on a terminal: one over all jobs with the counts by state, and one for each queue. */
final class BarDisplay implements Display {
    private static final int REFRESH_MS = 100;
    /** Names are padded to the longest, so that the bars stand in a column. */
    private static final String NAME = "%-14s";

    private final PrintStream out;
    private final Map<String, ProgressBar> queues = new LinkedHashMap<>();
    private @Nullable ProgressBar all;

    BarDisplay(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(Scoreboard board) {
        if (all == null) {
            all = bar("all jobs", board.total());
            board.queues().forEach(queue -> queues.put(queue.name(), bar(queue.name(), queue.jobs())));
        }
        all.stepTo(board.ended());
        all.setExtraMessage(Display.counts(board));
        board.queues().forEach(queue -> {
            ProgressBar bar = queues.get(queue.name());
            if (bar != null) {
                bar.stepTo(queue.ended());
                bar.setExtraMessage(queue.failedAttempts() == 0 ? "" : queue.failedAttempts() + " attempts failed");
            }
        });
    }

    private ProgressBar bar(String name, int jobs) {
        return new ProgressBarBuilder()
                .setTaskName(NAME.formatted(name))
                .setInitialMax(jobs)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MS)
                .continuousUpdate()
                .hideEta()
                .setConsumer(new InteractiveConsoleProgressBarConsumer(out))
                .build();
    }

    @Override
    public void say(String sentence) {
        if (all != null) {
            all.setExtraMessage(sentence);
        }
    }

    @Override
    public void close() {
        queues.values().forEach(ProgressBar::close);
        if (all != null) {
            all.close();
        }
        out.flush();
    }
}
