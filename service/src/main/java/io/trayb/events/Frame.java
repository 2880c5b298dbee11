package io.trayb.events;

import java.nio.ByteBuffer;

/**
 * Bytes of an event stream that may be shared by any number of connections. Immutable: the buffer is read-only, and everybody
 * writes from a duplicate, since a write moves a buffer's position.
 *
 * @param bytes whole blocks of the stream, each with its empty line at the end
 * @param events how many events these are: 1, or 0 for cursors, gaps and the like
 * @param sinceNanos when the hub handed it out, by the monotonic clock, or {@link #UNTIMED}
 */
record Frame(ByteBuffer bytes, int events, long sinceNanos) {
    /** Instead of a moment: this frame wasn't handed out by the hub. */
    static final long UNTIMED = Long.MIN_VALUE;

    Frame {
        bytes = bytes.asReadOnlyBuffer();
    }

    int size() {
        return bytes.remaining();
    }

    ByteBuffer duplicate() {
        return bytes.duplicate();
    }
}
