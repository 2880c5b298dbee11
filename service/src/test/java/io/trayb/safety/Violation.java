package io.trayb.safety;

/**
 * A promise that was not kept.
 *
 * @param promise which
 * @param detail by which job or call it is seen
 */
record Violation(Promise promise, String detail) {
    enum Promise {
        /** What was acknowledged is there. */
        LOST,
        /** What is there was asked for. */
        NEVER_ATTEMPTED,
        /** What was refused is not there. */
        REFUSED_BUT_DONE,
        /** One submission is one job, however often it is repeated under its key. */
        DUPLICATE,
        /** A batch is there as a whole or not at all. */
        TORN_BATCH,
        /** A unique key has one unfinished holder. */
        UNIQUE_KEY_SHARED,
        /** A job is in one row of one table. */
        TWO_ROWS,
        /** All work was done when the run was over. */
        NOT_DRAINED,
        /** An outcome is that of the start whose lease held. */
        FOREIGN_OUTCOME,
        /** A failure has a cause that this suite knows. */
        UNEXPLAINED_FAILURE,
        /** An outcome that was acknowledged stays. */
        OUTCOME_LOST,
        /** A cancelled job stays so unless it is put back. */
        UNCANCELLED,
        /** A job runs again only when its former lease is over. */
        OVERLAP,
        /** Calls get an answer that the contract names. */
        UNEXPECTED_ANSWER
    }

    @Override
    public String toString() {
        return promise + ": " + detail;
    }
}
