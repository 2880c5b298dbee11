package io.trayb.events;

import java.util.OptionalLong;

/**
 * Where a {@link Follower} puts what it finds for one client. Only one thread at a time hands things in. Methods may be called
 * under the hub's lock, so they never wait, neither for the network nor for another lock that somebody holds while calling
 * the hub.
 */
interface Outlet {
    /** Takes an event; false when there is no room, and then nothing was taken. */
    boolean event(LogEntry.Change change);

    /** Takes events in a row; says how many it took, from the first on: fewer than there are when there was no room for more. */
    default int events(Run run) {
        int taken = 0;
        while (taken < run.size() && event(run.get(taken))) {
            taken++;
        }
        return taken;
    }

    /** Takes a gap; false when there is no room, and then nothing was taken. */
    boolean gap(GapReason reason, OptionalLong dropped);

    /** Everything up to here has been handed in; a client that must reconnect shall go on from here. */
    void position(Cursor cursor);

    /**
     * A batch is complete: everything up to here has been handed in.
     *
     * @param live whether the follower is at the log's end, so that there is nothing more to read at present
     */
    void flush(Cursor reached, boolean live);

    /** The log couldn't be read; it will be tried again. */
    void stalled();
}
