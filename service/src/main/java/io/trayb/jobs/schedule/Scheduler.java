package io.trayb.jobs.schedule;

import io.dropwizard.lifecycle.Managed;
import io.trayb.threads.Loop;
import java.time.Duration;

/**
 * Has what is due submitted. Every process that works jobs has one; which of them gets a tick is left to the database.
 *
 * <p>Owns the thread {@code trayb-scheduler}, woken when the next schedule is due, at the latest every half second, so that what
 * another process adds or changes is not late by more. How long that is, the database says: this process's clock plays no part.
 * While the database is away it tries once a second.
 */
public final class Scheduler implements Managed {
    private static final Duration LOOK = Duration.ofMillis(500);
    /** The pause where something is due but another process holds it. */
    private static final Duration LEAST = Duration.ofMillis(20);

    private static final int BATCH = 100;

    private final Timetable timetable;
    private final Loop loop = new Loop("scheduler", this::look);

    public Scheduler(Timetable timetable) {
        this.timetable = timetable;
    }

    /** Whether the thread does its part. */
    public boolean isAlive() {
        return loop.isAlive();
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(LOOK);
    }

    private Duration look() {
        if (timetable.runDue(BATCH) == BATCH) {
            return Duration.ZERO;
        }
        Duration next = timetable.untilNextDue().orElse(LOOK);
        return next.compareTo(LEAST) < 0 ? LEAST : next.compareTo(LOOK) < 0 ? next : LOOK;
    }
}
