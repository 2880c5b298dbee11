package io.trayb.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoader;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoaderFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * Has a request answered only once all of its body is here. Whoever answers reads the body on a thread, and a client that sends
 * it byte by byte would hold that thread for as long as it likes; here it holds a connection and the memory of what has come.
 *
 * <p>Bodies of all requests together may take a bounded part of the memory; more is refused with 503. A body that comes more
 * slowly than {@link #LEAST_RATE}, {@link #GRACE} left out of account, is refused with 408. A body larger than any that is taken
 * is handed on unread from there, to be refused by who knows the limit.
 *
 * <p>Thread-safe.
 */
final class WholeBodies implements ContentLoaderFactory {
    /** What any body may take. */
    static final Duration GRACE = Duration.ofSeconds(10);
    /** In bytes a second; half of what the slowest link that anybody is on carries. */
    static final int LEAST_RATE = 2_048;
    /**
     * What counts at most of a time in which nothing came: if this process was frozen or suspended, that isn't the client's
     * fault. One that really sends nothing meets the connection's idle timeout.
     */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final long mostAtOnce;
    private final LongSupplier nanoTime;
    private final AtomicLong taken = new AtomicLong();

    /**
     * @param mostAtOnce how many bytes may have come of bodies that aren't answered yet, those left out that came in one piece
     * @param nanoTime a monotonic clock
     */
    WholeBodies(long mostAtOnce, LongSupplier nanoTime) {
        this.mostAtOnce = mostAtOnce;
        this.nanoTime = nanoTime;
    }

    /** How many bytes have come of bodies that aren't answered yet. */
    long taken() {
        return taken.get();
    }

    /** For bodies of every type. */
    @Override
    public @Nullable String getApplicableMimeType() {
        return null;
    }

    /** @return null for a body that is refused by its announced length, whoever answers: there is nothing to wait for */
    @Override
    public @Nullable ContentLoader newContentLoader(
            @Nullable String contentType,
            @Nullable String mimeType,
            Handler handler,
            Request request,
            Response response,
            Callback callback) {
        return request.getLength() > BodyLimit.BATCH ? null : new Body(handler, request, response, callback);
    }

    /** One body while it comes. Jetty calls it by one thread at a time. */
    private final class Body extends ContentLoader implements Invocable.Task {
        private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        private long looked = nanoTime.getAsLong();
        private long waitedNanos;

        Body(Handler handler, Request request, Response response, Callback callback) {
            super(handler, request, response, callback);
        }

        @Override
        protected void load() {
            Content.Chunk whole = getRequest().read();
            if (whole != null && whole.isLast()) {
                // As nearly all come: nothing is copied, and no other thread is asked.
                handOn(whole);
            } else {
                Request.addCompletionListener(getRequest(), failure -> taken.addAndGet(-gathered.size()));
                gather(whole);
            }
        }

        @Override
        public void run() {
            gather(getRequest().read());
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        private void gather(Content.@Nullable Chunk first) {
            Content.Chunk chunk = first;
            while (chunk != null) {
                if (Content.Chunk.isFailure(chunk)) {
                    fail(chunk);
                    return;
                }
                boolean last = chunk.isLast();
                boolean room = take(chunk);
                chunk.release();
                if (!room) {
                    refuse(ProblemException.unavailable(
                            "So many large request bodies are on their way that there is no memory for this one; try again",
                            RETRY_AFTER,
                            null));
                    return;
                }
                if (last || gathered.size() > BodyLimit.BATCH) {
                    Content.Chunk body = Content.Chunk.from(ByteBuffer.wrap(gathered.toByteArray()), last);
                    getRequest().getContext().execute(() -> handOn(body));
                    return;
                }
                chunk = getRequest().read();
            }
            if (isTooSlow()) {
                refuse(ProblemException.of(
                        408,
                        "The request's body came more slowly than " + LEAST_RATE + " bytes a second: " + gathered.size()
                                + " bytes in " + Duration.ofNanos(waitedNanos).toSeconds() + " s"));
            } else {
                getRequest().demand(this);
            }
        }

        private boolean take(Content.Chunk chunk) {
            int length = chunk.remaining();
            if (taken.addAndGet(length) > mostAtOnce) {
                taken.addAndGet(-length);
                return false;
            }
            byte[] bytes = new byte[length];
            chunk.getByteBuffer().get(bytes);
            gathered.write(bytes, 0, length);
            return true;
        }

        /** To be asked when all that has come was read, since it may have been there for a while. */
        private boolean isTooSlow() {
            long now = nanoTime.getAsLong();
            waitedNanos += Math.min(now - looked, LONGEST_SILENCE.toNanos());
            looked = now;
            double seconds = (double) gathered.size() / LEAST_RATE;
            return waitedNanos > GRACE.toNanos() + seconds * 1_000_000_000L;
        }

        private void fail(Content.Chunk failure) {
            if (failure.getFailure() instanceof TimeoutException) {
                refuse(ProblemException.of(
                        408, "Nothing came of the rest of the request's body for too long; send it in one go"));
            } else {
                getRequest().getContext().execute(() -> handOn(failure));
            }
        }

        private void refuse(ProblemException problem) {
            Response.writeError(
                    getRequest(),
                    getResponse(),
                    getCallback(),
                    problem.problem().status(),
                    null,
                    problem);
        }

        private void handOn(Content.Chunk body) {
            Gathered request = new Gathered(getRequest(), body);
            handle(request, getResponse(), request.releasing(getCallback()));
        }
    }

    /** A request of which a part was read ahead. */
    private static final class Gathered extends Request.Wrapper {
        private Content.@Nullable Chunk ahead;

        Gathered(Request request, Content.Chunk ahead) {
            super(request);
            this.ahead = ahead;
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk next = ahead;
            if (next == null) {
                return super.read();
            }
            ahead = null;
            return next;
        }

        @Override
        public void demand(Runnable demandCallback) {
            if (ahead == null) {
                super.demand(demandCallback);
            } else {
                getContext().execute(demandCallback);
            }
        }

        @Override
        public boolean consumeAvailable() {
            release();
            return super.consumeAvailable();
        }

        /** Gives back the memory of what nobody has read. */
        Callback releasing(Callback callback) {
            return Callback.from(this::release, callback);
        }

        private void release() {
            Content.Chunk unread = ahead;
            ahead = null;
            if (unread != null) {
                unread.release();
            }
        }
    }
}
