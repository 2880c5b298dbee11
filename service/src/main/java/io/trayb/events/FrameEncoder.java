package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Writes the blocks of an event stream as the HTML standard has them ("Server-sent events", the event stream format): lines
 * end in LF, an empty line ends a block, and a block without data fires no event.
 *
 * <p>Not thread-safe: each thread that encodes events has its own.
 */
final class FrameEncoder {
    /** Some two hundred usual frames. A slab lives as long as one frame of it is queued anywhere, so not larger. */
    private static final int SLAB_BYTES = 64 * 1024;

    private static final ByteBuffer NO_SLAB = ByteBuffer.allocate(0);

    private final boolean direct;
    private ByteBuffer slab = NO_SLAB;

    private FrameEncoder(boolean direct) {
        this.direct = direct;
    }

    /**
     * For frames that many connections share. They are carved out of direct slabs: a direct buffer of its own costs more to get
     * and to free than a frame is worth, and one that isn't direct is copied again at each connection's write.
     */
    static FrameEncoder shared() {
        return new FrameEncoder(true);
    }

    /** For frames that one connection reads from the log for itself. */
    static FrameEncoder unshared() {
        return new FrameEncoder(false);
    }

    /** An event. */
    Frame event(Cursor cursor, Event event) {
        String block = "id: " + cursor + "\nevent: " + event.name() + "\ndata: " + event.data() + "\n\n";
        byte[] bytes = block.getBytes(UTF_8);
        return new Frame(direct ? carve(bytes) : ByteBuffer.wrap(bytes), 1);
    }

    /** An id alone: it fires no event, but a reconnect goes on from here. */
    static Frame position(Cursor cursor) {
        return plain("id: " + cursor + "\n\n");
    }

    /** How long a client waits before it reconnects, in milliseconds. */
    static Frame retry(long retryMs) {
        return plain("retry: " + retryMs + "\n\n");
    }

    /** A sign of life that says nothing, for connections whose cursor is on the move. */
    static Frame comment() {
        return plain(":\n\n");
    }

    /** A gap, without an id: who loses the connection right after it is told again, and not left without. */
    static Frame gap(GapReason reason, OptionalLong dropped) {
        String number = dropped.isPresent() ? Long.toString(dropped.getAsLong()) : "null";
        return plain("event: gap\ndata: {\"reason\":\"" + reason.wireName() + "\",\"dropped\":" + number + "}\n\n");
    }

    /** The last block of a stream that this process ends. */
    static Frame close(CloseReason reason, long retryMs) {
        return plain("retry: " + retryMs + "\nevent: close\ndata: {\"reason\":\"" + reason.wireName() + "\"}\n\n");
    }

    private static Frame plain(String blocks) {
        return new Frame(ByteBuffer.wrap(blocks.getBytes(UTF_8)), 0);
    }

    private ByteBuffer carve(byte[] bytes) {
        if (bytes.length > SLAB_BYTES / 4) {
            return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
        if (slab.remaining() < bytes.length) {
            slab = ByteBuffer.allocateDirect(SLAB_BYTES);
        }
        ByteBuffer frame = slab.slice(slab.position(), bytes.length);
        slab.put(bytes);
        return frame;
    }
}
