package io.trayb.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets a client hear an answer that is ready before its request's body has come, as one that refuses the body is. Thread-safe;
 * holds no thread while it waits.
 *
 * <p>Such a connection can't be used again, since nobody knows where the next request begins: the answer says
 * {@code Connection: close}. But if it were closed with unread bytes in it, it would be reset, and many clients lose the answer
 * by that. So the answer goes out at once, and what the client is still sending is read and thrown away for a while: RFC 9112,
 * section 9.6, and what other servers call lingering close.
 */
final class LingeringClose extends Handler.Wrapper {
    /** Four times the largest body that is taken anywhere: who sends more than that doesn't listen. */
    private static final long MOST = 4L * BodyLimit.BATCH;
    /** Looked at whenever something comes; a client that sends nothing meets the connection's idle timeout. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;

    LingeringClose(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Body body = new Body(request);
        return super.handle(body, new Announcing(body, response), new Lingering(body, callback));
    }

    /** Knows how much of it has come without giving up the rest. */
    private static final class Body extends Request.Wrapper {
        private final boolean waitsForConsent;
        private volatile boolean left;
        private long discarded;

        Body(Request request) {
            super(request);
            waitsForConsent = request.getHeaders().contains(HttpHeader.EXPECT, HttpHeaderValue.CONTINUE.asString());
        }

        /** Jetty's own, if it returns false, makes an error of everything that is read after it. */
        @Override
        public boolean consumeAvailable() {
            left = !discardAvailable();
            return !left;
        }

        /** Whether something is still to come that the client will send without being asked. */
        boolean isLeft() {
            return left && !waitsForConsent;
        }

        boolean isTooMuch() {
            return discarded >= MOST;
        }

        /** Throws away what is there, unless it is too much; true if nothing comes after it. */
        boolean discardAvailable() {
            while (!isTooMuch()) {
                Content.Chunk chunk = read();
                if (chunk == null) {
                    return false;
                }
                discarded += chunk.remaining();
                chunk.release();
                if (chunk.isLast()) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class Announcing extends Response.Wrapper {
        private volatile boolean ended;

        Announcing(Body body, Response response) {
            super(body, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (ended) {
                // Dropwizard refuses a body that can't be unpacked once more, after whoever read it has. Nobody hears
                // that.
                callback.succeeded();
                return;
            }
            if (!isCommitted() && !getRequest().consumeAvailable()) {
                getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            }
            super.write(last, content, last ? ending(callback) : callback);
        }

        /** Not before it is written: if it can't be, an error is written in its place. */
        private Callback ending(Callback callback) {
            return new Callback.Nested(callback) {
                @Override
                public void succeeded() {
                    ended = true;
                    super.succeeded();
                }
            };
        }
    }

    private final class Lingering extends Callback.Nested {
        private final Body body;
        private final AtomicBoolean completed = new AtomicBoolean();
        private long deadline;

        Lingering(Body body, Callback callback) {
            super(callback);
            this.body = body;
        }

        @Override
        public void succeeded() {
            if (!completed.compareAndSet(false, true)) {
                return;
            }
            if (body.isLeft()) {
                deadline = nanoTime.getAsLong() + LONGEST.toNanos();
                linger();
            } else {
                super.succeeded();
            }
        }

        private void linger() {
            boolean ended = body.discardAvailable();
            if (ended || body.isTooMuch() || nanoTime.getAsLong() - deadline >= 0) {
                super.succeeded();
            } else {
                body.demand(this::linger);
            }
        }
    }
}
