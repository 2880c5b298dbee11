package io.trayb.http;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The memory of bodies that are still coming, or have come and aren't read yet. When it is used up, whoever is furthest behind
 * loses its share to one that is less so: clients that hold memory by sending slowly keep nobody out for long.
 *
 * <p>A share is taken away by the thread that needs the memory, and that thread leaves the request alone to which it belonged,
 * since Jetty serialises the calls for one request only. The request's own thread is told when it next wants something of the
 * share: when a byte comes, or at the latest when the connection's idle timeout calls it.
 *
 * <p>Thread-safe: one lock for all shares, held while the bytes of one read are copied. All bodies are looked at only when there
 * is too little memory, and one of them is refused then.
 */
final class BodyBudget {
    /** Bytes that come one by one would otherwise cost thirty times their number, in arrays of one. */
    static final int SMALLEST_PIECE = 1024;

    private final long most;
    /** The shares of bodies that are still coming, from the oldest on. */
    private final Set<Share> coming = new LinkedHashSet<>();

    private long taken;

    /** @param most in bytes */
    BodyBudget(long most) {
        this.most = most;
    }

    /** A share for a body of which nothing has come; takes no memory yet, and no lock. */
    Share open(long nowNanos) {
        return new Share(nowNanos);
    }

    /** How many bytes of memory all shares have together. */
    synchronized long taken() {
        return taken;
    }

    /** Whether there is room for so much more, if need be because others lost theirs. */
    private boolean hasRoom(int size, Share wanting, long nowNanos) {
        long missing = taken + size - most;
        return missing <= 0 || makeRoom(missing, wanting, nowNanos);
    }

    private boolean makeRoom(long missing, Share wanting, long nowNanos) {
        long slack = wanting.pace.slackAt(nowNanos);
        List<Share> behind = coming.stream()
                .filter(share -> share.held > 0 && share.pace.slackAt(nowNanos) < slack)
                .sorted(Comparator.comparingLong(share -> share.pace.slackAt(nowNanos)))
                .toList();
        int losers = 0;
        long won = 0;
        while (won < missing && losers < behind.size()) {
            won += behind.get(losers).held;
            losers++;
        }
        if (won < missing) {
            // Nobody is refused in vain.
            return false;
        }
        behind.subList(0, losers).forEach(Share::end);
        return true;
    }

    /**
     * One body's. Its memory is counted once, as what was allocated for it, until it is read or {@link #end() ended}. Used by
     * one thread at a time, and by those that look for memory.
     */
    final class Share {
        private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
        private BodyPace pace;
        private long came;
        private long held;
        private boolean ended;

        private Share(long nowNanos) {
            this.pace = BodyPace.begun(nowNanos);
        }

        /**
         * Copies what has come, since the buffer that it is in holds more memory than its bytes.
         *
         * @return false if there is no memory for it, or if this share was taken away
         */
        boolean add(ByteBuffer bytes, long nowNanos) {
            synchronized (BodyBudget.this) {
                int length = bytes.remaining();
                pace = pace.after(length, nowNanos);
                ByteBuffer last = pieces.peekLast();
                int fitting = last == null ? 0 : Math.min(last.remaining(), length);
                int size = length == fitting ? 0 : Math.max(SMALLEST_PIECE, length - fitting);
                if (ended || !hasRoom(size, this, nowNanos)) {
                    return false;
                }
                if (last != null) {
                    last.put(bytes.slice(bytes.position(), fitting));
                    bytes.position(bytes.position() + fitting);
                }
                if (size > 0) {
                    pieces.add(ByteBuffer.allocate(size).put(bytes));
                }
                came += length;
                held += size;
                taken += size;
                coming.add(this);
                return true;
            }
        }

        /** How many bytes have come. */
        long came() {
            synchronized (BodyBudget.this) {
                return came;
            }
        }

        /** Whether the body came too slowly, up to now. */
        boolean isTooSlow(long nowNanos) {
            synchronized (BodyBudget.this) {
                pace = pace.after(0, nowNanos);
                return pace.isTooSlow();
            }
        }

        /**
         * What has come, to be read once: each chunk gives back its memory when it is released. Nobody takes it away any more.
         *
         * @param whole whether nothing more comes of the body
         * @return null if the share was taken away before
         */
        @Nullable
        Queue<Content.Chunk> handOver(boolean whole) {
            synchronized (BodyBudget.this) {
                if (ended) {
                    return null;
                }
                coming.remove(this);
                Queue<Content.Chunk> chunks = new ConcurrentLinkedQueue<>();
                for (ByteBuffer piece = pieces.poll(); piece != null; piece = pieces.poll()) {
                    int size = piece.capacity();
                    chunks.add(Content.Chunk.from(piece.flip(), whole && pieces.isEmpty(), () -> giveBack(size)));
                }
                return chunks;
            }
        }

        private void giveBack(int size) {
            synchronized (BodyBudget.this) {
                if (!ended) {
                    held -= size;
                    taken -= size;
                }
            }
        }

        boolean hasEnded() {
            synchronized (BodyBudget.this) {
                return ended;
            }
        }

        /** Gives back all that it still holds; may be called more than once. */
        void end() {
            synchronized (BodyBudget.this) {
                coming.remove(this);
                pieces.clear();
                taken -= held;
                held = 0;
                ended = true;
            }
        }
    }
}
