package io.trayb.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Plain lines, for logs and pipes: one at the start and the end and at most one a second between. */
final class LineDisplay implements Display {
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final long begun;
    private long shownAt;
    private boolean shown;

    LineDisplay(PrintStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    @Override
    public void show(Scoreboard board) {
        long now = nanoTime.getAsLong();
        if (shown && !board.isOver() && now - shownAt < PAUSE_NANOS) {
            return;
        }
        shown = true;
        shownAt = now;
        out.printf(
                "%5.1f s  %d of %d ended: %s%n",
                (now - begun) / 1e9, board.ended(), board.total(), Display.counts(board));
    }

    @Override
    public void say(String sentence) {
        out.println(sentence);
    }

    @Override
    public void close() {
        out.flush();
    }
}
