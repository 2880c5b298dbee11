package io.trayb.http;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoader;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoaderFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Has a request answered only once all of its body is here. Whoever answers reads the body on a thread, and a client that sends
 * it byte by byte would hold that thread for as long as it likes; here it holds a connection and the memory of what has come.
 *
 * <p>How slowly a body may come says {@link BodyPace}; beyond that it is refused with 408. How much memory bodies may have
 * together, and which of them is refused with 503 when that is used up, says {@link BodyBudget}. A body larger than any that is
 * taken is handed on unread from there, to be refused by who knows the limit.
 *
 * <p>Thread-safe.
 */
final class WholeBodies implements ContentLoaderFactory {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final BodyBudget budget;
    private final RefusedBodies refused;
    private final LongSupplier nanoTime;

    /**
     * @param budget for all bodies, those left out that came in one piece
     * @param refused told of each refusal
     * @param nanoTime a monotonic clock
     */
    WholeBodies(BodyBudget budget, RefusedBodies refused, LongSupplier nanoTime) {
        this.budget = budget;
        this.refused = refused;
        this.nanoTime = nanoTime;
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

    /** One body while it comes. Jetty calls it by one thread at a time; other bodies touch nothing but its share. */
    private final class Body extends ContentLoader implements Invocable.Task {
        private final BodyBudget.Share share = budget.open(nanoTime.getAsLong());

        Body(Handler handler, Request request, Response response, Callback callback) {
            super(handler, request, response, callback);
        }

        @Override
        protected void load() {
            Content.Chunk whole = getRequest().read();
            if (whole != null && whole.isLast()) {
                // As nearly all come: nothing is copied, and no other thread is asked.
                Queue<Content.Chunk> only = new ConcurrentLinkedQueue<>();
                only.add(whole);
                handOn(only);
            } else {
                Request.addCompletionListener(getRequest(), failure -> share.end());
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
                    fail(chunk.getFailure());
                    return;
                }
                boolean last = chunk.isLast();
                boolean added = share.add(chunk.getByteBuffer(), nanoTime.getAsLong());
                chunk.release();
                if (!added) {
                    refuseForWantOfMemory();
                    return;
                }
                if (last || share.came() > BodyLimit.BATCH) {
                    handOver(last);
                    return;
                }
                chunk = getRequest().read();
            }
            if (share.isTooSlow(nanoTime.getAsLong())) {
                refuseAsTooSlow("The request's body came more slowly than " + BodyPace.LEAST_RATE
                        + " bytes a second for longer than " + BodyPace.GRACE.toSeconds() + " s; " + share.came()
                        + " bytes of it had come");
            } else {
                getRequest().demand(this);
            }
        }

        private void fail(Throwable failure) {
            if (share.hasEnded()) {
                refuseForWantOfMemory();
            } else if (failure instanceof TimeoutException) {
                refuseAsTooSlow("Nothing came of the rest of the request's body for too long; send it in one go");
            } else {
                // The client went, or broke HTTP's rules for a body: the one in the other.
                named(() -> refuse(400, new EofException(failure)));
            }
        }

        /** On a thread that may block, as this one may not. */
        private void handOver(boolean whole) {
            Queue<Content.Chunk> gathered = share.handOver(whole);
            if (gathered == null) {
                refuseForWantOfMemory();
                return;
            }
            try {
                getRequest().getContext().execute(() -> handOn(gathered));
            } catch (RejectedExecutionException e) {
                refuseForWantOf("The service is starting, stopping or overloaded; try again", e);
            }
        }

        /** Has the request's id, whose thread this may not be, in lines that are logged meanwhile. */
        private void named(Runnable work) {
            RequestIds.during(RequestIds.of(getRequest()), work);
        }

        private void handOn(Queue<Content.Chunk> ahead) {
            GatheredRequest request = new GatheredRequest(getRequest(), ahead);
            handle(request, getResponse(), request.releasing(getCallback()));
        }

        private void refuseAsTooSlow(String detail) {
            named(() -> {
                refused.countTooSlow(RequestIds.of(getRequest()), scheduler());
                refuse(408, ProblemException.of(408, detail));
            });
        }

        private void refuseForWantOfMemory() {
            refuseForWantOf(
                    "So many large request bodies are on their way that there is no memory for this one; try again",
                    null);
        }

        private void refuseForWantOf(String detail, @Nullable Throwable cause) {
            named(() -> {
                refused.countWithoutRoom(RequestIds.of(getRequest()), scheduler());
                refuse(503, ProblemException.unavailable(detail, RETRY_AFTER, cause));
            });
        }

        private void refuse(int status, Throwable problem) {
            // Now: the client may take its time to hear the answer.
            share.end();
            // Jetty logs a stack trace for each that isn't quiet.
            Throwable quiet = new QuietException.Exception(problem);
            Response.writeError(getRequest(), getResponse(), getCallback(), status, null, quiet);
        }

        private Scheduler scheduler() {
            return getRequest().getComponents().getScheduler();
        }
    }
}
