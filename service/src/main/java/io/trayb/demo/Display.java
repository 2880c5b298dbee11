package io.trayb.demo;

/** How progress is shown. For one thread. */
interface Display extends AutoCloseable {
    /** Shows the board as it is now. Called on every change, so it must be cheap and may leave some out. */
    void show(Scoreboard board);

    /** A sentence between two changes. */
    void say(String sentence);

    @Override
    void close();

    /** The counts of all states that jobs are in, such as {@code 12 waiting, 4 active, 8 completed}. */
    static String counts(Scoreboard board) {
        StringBuilder counts = new StringBuilder();
        for (JobState state : JobState.values()) {
            if (board.count(state) > 0) {
                counts.append(counts.isEmpty() ? "" : ", ")
                        .append(board.count(state))
                        .append(' ')
                        .append(state.wireName());
            }
        }
        return counts.toString();
    }
}
