package io.trayb.events;

import io.trayb.http.RequestIds;
import io.trayb.keys.Caller;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open event stream. Thread-safe.
 *
 * <p>Nothing that is written to is thread-safe, so it is touched by one thread at a time: whoever raises {@code work} from
 * zero writes, and goes round again for those who raised it meanwhile. {@link Wire#isReady()} is no question: when it says no, it
 * has asked for a call when it will say yes, and a write before that throws.
 */
final class StreamConnection implements Outlet, WriteListener, AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    /** No write is under way. */
    private static final long NOT_WRITING = Long.MIN_VALUE;

    private final AsyncContext async;
    /** For lines of the log, most of which are written by threads that serve all streams. */
    private final @Nullable String requestId;

    private final HttpOutput out;
    private final EndPoint endPoint;
    private final Wire wire;
    private final HangUp hangUp;
    private final FrameQueue queue;
    private final Executor writers;
    private final LongSupplier nanoTime;
    private final EventObserver observer;
    private final OpenStreams streams;
    private final Caller caller;
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicReference<@Nullable CloseReason> closing = new AtomicReference<>();
    private final AtomicBoolean released = new AtomicBoolean();

    private volatile @Nullable Follower follower;
    /** The container has said once that we may write. */
    private volatile boolean begun;
    /** The connection is beyond saying anything on it. */
    private volatile boolean broken;

    private volatile long writingSince = NOT_WRITING;
    /** What the container gives the connection of an answer that says nothing, in milliseconds. */
    private final long idleTimeout;

    private boolean completed;
    private FrameQueue.@Nullable Write underWay;

    StreamConnection(
            AsyncContext async,
            HttpOutput out,
            EndPoint endPoint,
            boolean chunked,
            FrameQueue queue,
            Executor writers,
            LongSupplier nanoTime,
            EventObserver observer,
            OpenStreams streams,
            Caller caller) {
        this.async = Objects.requireNonNull(async, "async");
        this.requestId = RequestIds.of(async.getRequest());
        this.out = Objects.requireNonNull(out, "out");
        this.endPoint = Objects.requireNonNull(endPoint, "endPoint");
        this.queue = Objects.requireNonNull(queue, "queue");
        this.writers = Objects.requireNonNull(writers, "writers");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.observer = Objects.requireNonNull(observer, "observer");
        this.streams = Objects.requireNonNull(streams, "streams");
        this.caller = Objects.requireNonNull(caller, "caller");
        this.wire = new Wire(out, endPoint, chunked, this::scheduleWriting);
        this.hangUp = new HangUp(endPoint, this::onHangUp);
        this.idleTimeout = endPoint.getIdleTimeout();
    }

    /** Whose stream it is. */
    Caller caller() {
        return caller;
    }

    /** Begins the stream. Once only. */
    void begin(Follower events, @Nullable Cursor from, long retryMs) {
        follower = events;
        events.start(from);
        queue.add(FrameEncoder.retry(retryMs));
        async.addListener(this);
        out.setWriteListener(this);
        hangUp.listen();
    }

    /** Tells the client that this is the end, and when to come back, and closes once that is written. */
    void close(CloseReason reason, long retryMs) {
        if (closing.compareAndSet(null, reason)) {
            endFollower();
            queue.end(FrameEncoder.close(reason, retryMs));
            scheduleWriting();
        }
    }

    /** Ends it at once: this process can't wait until the client has taken the rest. */
    void cutOff() {
        fail(CloseReason.DRAINED, new IOException("The client didn't take the end of the stream in time"));
    }

    /** A sign of life, unless something is on its way anyhow. */
    void heartbeat() {
        Follower events = follower;
        if (events == null || closing.get() != null || !queue.isEmpty()) {
            return;
        }
        if (!events.ifLive(this::position)) {
            queue.offer(FrameEncoder.comment());
        }
        scheduleWriting();
    }

    /** Cuts the connection if the client has taken nothing for so long. */
    void closeIfStalled(long timeoutNanos) {
        long since = writingSince;
        if (since != NOT_WRITING && nanoTime.getAsLong() - since > timeoutNanos) {
            fail(CloseReason.WRITE_TIMEOUT, new IOException("The client took nothing for the write timeout"));
        }
    }

    /** Cuts the connection if it is one of these, whose peer answers nothing any more. */
    void closeIfLost(Set<TcpTable.Ends> unanswered) {
        if (endPoint.getLocalSocketAddress() instanceof InetSocketAddress local
                && endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote
                && unanswered.contains(new TcpTable.Ends(local, remote))) {
            fail(CloseReason.PEER_LOST, new IOException("The client answers no packet any more"));
        }
    }

    // Outlet

    @Override
    public boolean event(LogEntry.Change change) {
        return queue.offer(change.frame());
    }

    @Override
    public int events(Run run) {
        return queue.offer(run);
    }

    @Override
    public boolean gap(GapReason reason, OptionalLong dropped) {
        return queue.offer(FrameEncoder.gap(reason, dropped));
    }

    @Override
    public void position(Cursor cursor) {
        // Without room it is left out: the next event's id says more.
        queue.offer(FrameEncoder.position(cursor));
    }

    @Override
    public void flush(Cursor reached, boolean live) {
        scheduleWriting();
    }

    @Override
    public void stalled() {
        // The stream stays open on its heartbeats.
    }

    private void onHangUp() {
        try {
            writers.execute(() -> fail(CloseReason.CLIENT_GONE, new IOException("The client closed its connection")));
        } catch (RejectedExecutionException e) {
            // The process stops, and its server closes what is still open.
            tell("Not noticing that a client has gone, this process is stopping", e);
        }
    }

    // WriteListener and AsyncListener, called by the container

    @Override
    public void onWritePossible() {
        if (!begun) {
            // A stream looks after itself, by heartbeats and the write timeout. The container's timer would look at
            // each
            // connection twice a minute, and hold what it needs for that.
            endPoint.setIdleTimeout(0);
            begun = true;
        }
        write();
    }

    @Override
    public void onError(Throwable failure) {
        tell("An event stream broke", failure);
        fail(CloseReason.CLIENT_GONE, failure);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        closing.compareAndSet(null, CloseReason.CLIENT_GONE);
        release();
    }

    @Override
    public void onError(AsyncEvent event) {
        fail(CloseReason.CLIENT_GONE, event.getThrowable());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // Never: the asynchronous context has no time limit.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Never: the request isn't dispatched again.
    }

    // Writing

    private void scheduleWriting() {
        if (!begun || work.getAndIncrement() != 0) {
            // Either the container's first call will write, or whoever is writing goes round again.
            return;
        }
        try {
            writers.execute(this::writeUntilDone);
        } catch (RejectedExecutionException e) {
            // The process stops, and its server closes what is still open.
            tell("Not writing any more, this process is stopping", e);
        } catch (RuntimeException | Error e) {
            // A lack of memory: the next heartbeat tries it again.
            work.set(0);
            throw e;
        }
    }

    private void write() {
        if (work.getAndIncrement() == 0) {
            writeUntilDone();
        }
    }

    private void writeUntilDone() {
        int seen = work.get();
        do {
            try {
                writeWhileReady();
            } catch (IOException | IllegalStateException e) {
                // The container says no more than this about a connection that it has closed, and may not call onError.
                tell("Writing to an event stream failed", e);
                breakOff(e);
            } catch (RuntimeException | Error e) {
                // A lack of memory, or a defect of ours: the client comes back with its last id.
                breakOff(e);
                RequestIds.during(requestId, () -> LOG.error("Writing to an event stream failed", e));
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void breakOff(Throwable cause) {
        broken = true;
        closing.compareAndSet(null, CloseReason.CLIENT_GONE);
        // First, or the answer's end would follow on a part of a write: an event cut short, with an id to go on from.
        endPoint.close(cause);
        complete();
    }

    private void writeWhileReady() throws IOException {
        if (completed) {
            return;
        }
        if (broken) {
            complete();
            return;
        }
        while (wire.isReady()) {
            countWritten();
            FrameQueue.Write next = queue.next();
            if (next == null) {
                onAllWritten();
                return;
            }
            underWay = next;
            writingSince = nanoTime.getAsLong();
            wire.write(next.buffer());
        }
    }

    private void countWritten() {
        FrameQueue.Write written = underWay;
        if (written != null) {
            underWay = null;
            writingSince = NOT_WRITING;
            observer.delivered(EventObserver.Kind.SSE, written.events());
            observer.bytesWritten(written.size());
            if (written.sinceNanos() != Frame.UNTIMED) {
                observer.reachedSocket(nanoTime.getAsLong() - written.sinceNanos());
            }
        }
    }

    private void onAllWritten() {
        // Not whether it is closing: what the client is told of that may not be in the queue yet.
        if (queue.hasGivenAll()) {
            complete();
            return;
        }
        Follower events = follower;
        if (events != null) {
            events.roomAvailable();
        }
    }

    private void fail(CloseReason reason, Throwable failure) {
        closing.compareAndSet(null, reason);
        endFollower();
        broken = true;
        // What is still being written fails by this, and the container lets go of its buffer.
        endPoint.close(failure);
        write();
    }

    /** Only by the thread that writes. */
    private void complete() {
        if (!completed) {
            completed = true;
            // From here on the connection is the container's again: the end of the answer has to be taken in time.
            endPoint.setIdleTimeout(idleTimeout);
            release();
            hangUp.end();
            try {
                async.complete();
            } catch (IllegalStateException e) {
                // The container was faster, which is all that was wanted.
                tell("An event stream was complete already", e);
            }
        }
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            endFollower();
            writingSince = NOT_WRITING;
            streams.remove(this);
            CloseReason reason = closing.get();
            observer.closed(reason == null ? CloseReason.CLIENT_GONE : reason);
        }
    }

    private void endFollower() {
        Follower events = follower;
        if (events != null) {
            events.end();
        }
    }

    private void tell(String what, Throwable thrown) {
        RequestIds.during(requestId, () -> LOG.debug(what, thrown));
    }
}
