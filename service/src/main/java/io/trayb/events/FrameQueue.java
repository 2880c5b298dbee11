package io.trayb.events;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to one connection; bounded by count and bytes. Thread-safe.
 *
 * <p>An empty queue takes a frame of any size: otherwise one that is larger than the bound would never get through.
 */
final class FrameQueue {
    /** In one write of frames that lie side by side: more saves no system call worth speaking of. */
    private static final int JOINED_BYTES = 64 * 1024;

    /** In one write of frames that have to be copied for it. */
    private static final int COPIED_BYTES = 8 * 1024;

    private final int maxFrames;
    private final long maxBytes;
    private final Deque<Frame> frames = new ArrayDeque<>(4);
    /** How many frames there would be if none were joined. */
    private int waiting;

    private long bytes;
    private boolean ended;

    FrameQueue(int maxFrames, long maxBytes) {
        if (maxFrames < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "the bounds are " + maxFrames + " frames and " + maxBytes + " bytes, they must be at least 1");
        }
        this.maxFrames = maxFrames;
        this.maxBytes = maxBytes;
    }

    /** Takes a frame, or says that there is no room; after the end there is none. */
    synchronized boolean offer(Frame frame) {
        if (ended || !(frames.isEmpty() || isRoomFor(1, frame.size()))) {
            return false;
        }
        add(frame);
        return true;
    }

    /** Takes events in a row; says how many, from the first on, there was room for. */
    synchronized int offer(Run run) {
        if (!ended && isRoomFor(run.size(), run.bytes())) {
            run.joined().forEach(this::add);
            return run.size();
        }
        int taken = 0;
        while (taken < run.size() && offer(run.get(taken).frame())) {
            taken++;
        }
        return taken;
    }

    private boolean isRoomFor(int more, long moreBytes) {
        return waiting + more <= maxFrames && bytes + moreBytes <= maxBytes;
    }

    /** Takes a frame in any case: for the few that a connection gets once in its life. */
    synchronized void add(Frame frame) {
        frames.addLast(frame);
        waiting += countOf(frame);
        bytes += frame.size();
    }

    private static int countOf(Frame frame) {
        return Math.max(1, frame.events());
    }

    /** Takes the last frame that there will be, in any case. */
    synchronized void end(Frame frame) {
        add(frame);
        ended = true;
    }

    /** Whether the last frame that there will be was given out: in one step with {@link #end}, so that none is left behind. */
    synchronized boolean hasGivenAll() {
        return ended && frames.isEmpty();
    }

    /** What to write next: as many frames as fit into one write; null when none waits. */
    synchronized @Nullable Write next() {
        Frame first = frames.pollFirst();
        if (first == null) {
            return null;
        }
        Frame second = frames.peekFirst();
        waiting -= countOf(first);
        if (second == null) {
            bytes -= first.size();
            return new Write(first.duplicate(), first.events(), first.size(), first.sinceNanos());
        }
        return join(first);
    }

    private Write join(Frame first) {
        int size = first.size();
        int count = 0;
        boolean sideBySide = true;
        Frame last = first;
        // Live events mostly lie in one slab as they came: thousands of streams then write the same bytes, and none
        // copies them. Where the slab ends, so does the write, or those who are behind would copy all that they write.
        for (Frame frame : frames) {
            boolean behind = sideBySide && frame.isBehind(last);
            int together = size + frame.size();
            if (together > (behind ? JOINED_BYTES : COPIED_BYTES)) {
                break;
            }
            sideBySide = behind;
            size = together;
            count++;
            last = frame;
        }
        ByteBuffer joined =
                sideBySide ? first.duplicate(size) : ByteBuffer.allocate(size).put(first.duplicate());
        int events = first.events();
        long since = first.sinceNanos();
        for (int i = 0; i < count; i++) {
            Frame frame = frames.removeFirst();
            waiting -= countOf(frame);
            if (!sideBySide) {
                joined.put(frame.duplicate());
            }
            events += frame.events();
            since = since == Frame.UNTIMED ? frame.sinceNanos() : since;
        }
        bytes -= size;
        return new Write(sideBySide ? joined : joined.flip(), events, size, since);
    }

    synchronized boolean isEmpty() {
        return frames.isEmpty();
    }

    /**
     * One write.
     *
     * @param buffer the bytes; this write's own, to be left alone until the write is complete
     * @param events how many events they hold
     * @param size how many bytes they are
     * @param sinceNanos when the hub handed out the oldest of them that it did hand out, or {@link Frame#UNTIMED}
     */
    record Write(ByteBuffer buffer, int events, int size, long sinceNanos) {}
}
