package io.trayb.events;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Bytes of an event stream that may be shared by any number of connections. Immutable: the buffer is read-only, and everybody
 * writes from a duplicate, since a write moves a buffer's position.
 *
 * @param slab the buffer that they lie in, perhaps beside those of other frames
 * @param offset where they begin in it
 * @param size how many they are; whole blocks of the stream, each with its empty line at the end
 * @param events how many events these are; 0 for cursors, gaps and the like
 * @param sinceNanos when the hub handed out the first of them, by the monotonic clock, or {@link #UNTIMED}
 */
record Frame(ByteBuffer slab, int offset, int size, int events, long sinceNanos) {
    /** Instead of a moment: this frame wasn't handed out by the hub. */
    static final long UNTIMED = Long.MIN_VALUE;

    Frame {
        Objects.checkFromIndexSize(offset, size, slab.capacity());
        if (!slab.isReadOnly()) {
            throw new IllegalArgumentException("slab can be written to, it must be read-only");
        }
    }

    /** A frame in a buffer of its own. */
    static Frame alone(byte[] bytes, int events) {
        return new Frame(ByteBuffer.wrap(bytes).asReadOnlyBuffer(), 0, bytes.length, events, UNTIMED);
    }

    /** The same bytes, of which nobody asks how long they took from the hub. */
    Frame untimed() {
        return new Frame(slab, offset, size, events, UNTIMED);
    }

    ByteBuffer duplicate() {
        return duplicate(size);
    }

    /** So many bytes from this frame's first on: this frame, and those that lie right behind it. */
    ByteBuffer duplicate(int bytes) {
        return slab.duplicate().limit(offset + bytes).position(offset);
    }

    /** Whether this one lies right behind another, so that both can be written as one without being copied. */
    @SuppressWarnings("ReferenceEquality") // The same slab, not one with the same bytes.
    boolean isBehind(Frame other) {
        return slab == other.slab && offset == other.offset + other.size;
    }

    /** This one and another that lies right behind it, as one. */
    Frame with(Frame behind) {
        return new Frame(slab, offset, size + behind.size, events + behind.events, sinceNanos);
    }
}
