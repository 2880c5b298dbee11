package io.trayb.events;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Hears at once when the client of a stream has closed its connection. Jetty reads nothing while it answers a request, so it would
 * come to light by a write that fails: and of ten thousand that go at once each would be written to, some of them for seconds.
 *
 * <p>A client that closes only its own direction counts as gone, as it does to most proxies. What a client says after its request
 * isn't kept, so the connection can't be used for another request.
 *
 * <p>Thread-safe. Called by Jetty's selector, which mustn't wait.
 */
final class HangUp implements Callback {
    /** More than this after a request for a stream, and it is no client. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final int AT_ONCE = 1024;

    private final EndPoint endPoint;
    private final Runnable gone;
    private int heard;
    private boolean ended;

    /**
     * @param gone what to do when the client is gone; must neither wait nor throw
     */
    HangUp(EndPoint endPoint, Runnable gone) {
        this.endPoint = Objects.requireNonNull(endPoint, "endPoint");
        this.gone = Objects.requireNonNull(gone, "gone");
    }

    /** Begins to listen; once only. */
    synchronized void listen() {
        if (!ended) {
            endPoint.tryFillInterested(this);
        }
    }

    /** Listens no more: from here on the connection is Jetty's again. */
    synchronized void end() {
        ended = true;
        if (endPoint instanceof AbstractEndPoint listening && listening.isFillInterested()) {
            listening.getFillInterest().onFail(new CancellationException("the stream has ended"));
        }
    }

    @Override
    public void succeeded() {
        if (hasHungUp()) {
            gone.run();
        } else {
            listen();
        }
    }

    private synchronized boolean hasHungUp() {
        if (ended) {
            return false;
        }
        try {
            int read = endPoint.fill(BufferUtil.allocate(AT_ONCE));
            heard += Math.max(0, read);
            return read < 0 || heard > MOST_BYTES;
        } catch (IOException e) {
            // It was reset, which is the rude way to go.
            return true;
        }
    }

    /** The connection was closed at this end, or the stream has ended: both are known there. */
    @Override
    public void failed(Throwable failure) {
        // Nothing is left to hear.
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
