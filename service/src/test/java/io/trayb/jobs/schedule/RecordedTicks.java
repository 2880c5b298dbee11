package io.trayb.jobs.schedule;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was told of ticks, in order. Thread-safe. */
final class RecordedTicks implements ScheduleObserver {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    List<String> heard() {
        return heard;
    }

    @Override
    public void ranOnTime(Duration late) {
        heard.add(late.isNegative() || late.compareTo(Verdict.GRACE) > 0 ? "late by " + late : "on time");
    }

    @Override
    public void caughtUp() {
        heard.add("caught up");
    }

    @Override
    public void held() {
        heard.add("held");
    }

    @Override
    public void skipped() {
        heard.add("skipped");
    }

    @Override
    public void failed() {
        heard.add("failed");
    }
}
