package io.trayb.events;

/** Why an event stream ended. */
public enum CloseReason {
    /** The client went away, or its connection broke. */
    CLIENT_GONE("client-gone"),
    /** The client took nothing for longer than the write timeout. */
    WRITE_TIMEOUT("write-timeout"),
    /** The client vanished without a word: nothing that was sent to it is acknowledged any more. */
    PEER_LOST("peer-lost"),
    /** Streams were switched off while it was open. */
    DISABLED("disabled"),
    /** The key that it was opened with was revoked, or has expired. */
    KEY_ENDED("key-ended"),
    /** This process is stopping. */
    DRAINED("shutdown");

    private final String wireName;

    CloseReason(String wireName) {
        this.wireName = wireName;
    }

    /** The reason as clients and metrics read it, such as {@code shutdown}. */
    public String wireName() {
        return wireName;
    }
}
