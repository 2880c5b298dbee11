package io.trayb.jobs.store;

/** The parts of the history that are kept for different times; each has a partition for each day, and one for the rest. */
public enum HistoryPart {
    /** Jobs that were completed. */
    COMPLETED("trayb_finished_completed"),
    /** Jobs that failed for good or were cancelled. */
    FAILED("trayb_finished_failed");

    private final String table;

    HistoryPart(String table) {
        this.table = table;
    }

    String table() {
        return table;
    }
}
