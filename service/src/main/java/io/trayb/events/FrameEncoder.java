package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the blocks of an event stream as the HTML standard has them ("Server-sent events", the event stream format): lines
 * end in LF, an empty line ends a block, and a block without data fires no event.
 *
 * <p>Not thread-safe: the shared one is for whoever holds the hub's lock, each thread that reads the log has its own.
 */
final class FrameEncoder {
    /** Some two hundred usual frames. A slab lives as long as one frame of it is queued anywhere, so not larger. */
    private static final int SLAB_BYTES = 64 * 1024;

    private static final ByteBuffer NO_SLAB = ByteBuffer.allocate(0);

    private final @Nullable LongSupplier nanoTime;
    private ByteBuffer slab = NO_SLAB;
    /** The same slab as its frames have it: one object, by which they know that they lie side by side. */
    private ByteBuffer shared = NO_SLAB;

    private FrameEncoder(@Nullable LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * For frames that many connections share. They are carved out of direct slabs: a direct buffer of its own costs more to get
     * and to free than a frame is worth, and one that isn't direct is copied again at each connection's write.
     *
     * @param nanoTime the monotonic clock; each frame has the moment at which it was encoded, just as the hub handed it out
     */
    static FrameEncoder shared(LongSupplier nanoTime) {
        return new FrameEncoder(Objects.requireNonNull(nanoTime, "nanoTime"));
    }

    /** For frames that one connection reads from the log for itself. */
    static FrameEncoder unshared() {
        return new FrameEncoder(null);
    }

    /** An event. */
    Frame event(Cursor cursor, Event event) {
        String block = "id: " + cursor + "\nevent: " + event.name() + "\ndata: " + event.data() + "\n\n";
        byte[] bytes = block.getBytes(UTF_8);
        LongSupplier clock = nanoTime;
        return clock == null ? Frame.alone(bytes, 1) : carve(bytes, clock.getAsLong());
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
        return Frame.alone(blocks.getBytes(UTF_8), 0);
    }

    private Frame carve(byte[] bytes, long now) {
        if (bytes.length > SLAB_BYTES / 4) {
            ByteBuffer own = ByteBuffer.allocateDirect(bytes.length).put(bytes);
            return new Frame(own.asReadOnlyBuffer(), 0, bytes.length, 1, now);
        }
        if (slab.remaining() < bytes.length) {
            slab = ByteBuffer.allocateDirect(SLAB_BYTES);
            shared = slab.asReadOnlyBuffer();
        }
        int offset = slab.position();
        slab.put(bytes);
        return new Frame(shared, offset, bytes.length, 1, now);
    }
}
