package io.trayb.events;

/** So many streams, or polls, as this process carries at once. Thread-safe. */
interface Places {
    /** Takes a place, to be given back once; false when there is none. */
    boolean takePlace();

    /** Gives back a place on which nothing came to be. */
    void giveBack();
}
