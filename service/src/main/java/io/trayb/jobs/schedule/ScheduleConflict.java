package io.trayb.jobs.schedule;

/** A schedule that can't be added beside those that there are. */
public final class ScheduleConflict extends RuntimeException {
    private static final long serialVersionUID = 1;

    private ScheduleConflict(String message) {
        super(message);
    }

    static ScheduleConflict taken(String name) {
        return new ScheduleConflict(
                "there is a schedule '" + name + "' already; replace it with PUT, or choose another name");
    }

    static ScheduleConflict full(int most) {
        return new ScheduleConflict("there are " + most + " schedules, and no more than that; remove one first");
    }
}
