package io.trayb.jobs.schedule;

import java.time.Duration;

/** Hears what came of ticks, after the commit. Implementations count, and never block or throw. */
public interface ScheduleObserver {
    /** Hears and does nothing. */
    ScheduleObserver NONE = new ScheduleObserver() {};

    /** A job was submitted at its tick, so long after it. */
    default void ranOnTime(Duration late) {}

    /** A job was submitted to make up for ticks that passed without a run. */
    default void caughtUp() {}

    /** A tick came while an unfinished job held the unique key, and added none. */
    default void held() {}

    /** Ticks of a schedule passed without a run and are let go. */
    default void skipped() {}

    /** A schedule can't be understood by this process. */
    default void failed() {}
}
