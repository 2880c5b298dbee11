package io.trayb.jobs.handlers;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, which end when this is closed: whatever the other side still sends, its connection is gone.
 *
 * <p>Cancelling the client's future isn't enough for that. The client hands the future what it would have to cancel at each step,
 * and the thread that begins a call may hand over the wait for a connection (long done) after another thread has handed over the
 * call on it; what is cancelled then is nothing. So the connection itself is kept here and closed.
 *
 * <p>Safe for use by the client's threads and the one that waits.
 */
final class HttpExchange implements AutoCloseable {
    private static final String ATTRIBUTE = "trayb.exchange";

    private final CompletableFuture<BoundedBody.Answer> answer = new CompletableFuture<>();
    private final Future<BoundedBody.Answer> call;
    private volatile @Nullable AsyncExecRuntime connection;
    private volatile boolean closed;

    /**
     * Sends a request.
     *
     * @param client one that has {@link #connected} as the last of its interceptors
     * @param maxBytes how much of the answer's body is kept; once there is more, the answer is there without its end
     */
    HttpExchange(CloseableHttpAsyncClient client, SimpleHttpRequest request, int maxBytes) {
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(ATTRIBUTE, this);
        call = client.execute(
                SimpleRequestProducer.create(request),
                new BoundedBody(maxBytes, answer::complete),
                context,
                new FutureCallback<>() {
                    @Override
                    public void completed(BoundedBody.Answer whole) {
                        answer.complete(whole);
                    }

                    @Override
                    public void failed(Exception cause) {
                        answer.completeExceptionally(cause);
                    }

                    @Override
                    public void cancelled() {
                        answer.completeExceptionally(new IOException("the connection was closed"));
                    }
                });
    }

    /** For the client: a connection is there, and nothing has been sent on it. */
    static void connected(
            HttpRequest request,
            AsyncEntityProducer body,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        HttpExchange exchange = scope.clientContext.getAttribute(ATTRIBUTE, HttpExchange.class);
        exchange.connection = scope.execRuntime;
        if (exchange.closed) {
            throw new InterruptedIOException("nobody waits for the answer any more");
        }
        chain.proceed(request, body, scope, callback);
    }

    /**
     * Waits for the answer.
     *
     * @throws ExecutionException around what kept it from coming
     */
    BoundedBody.Answer answer() throws ExecutionException, InterruptedException {
        return answer.get();
    }

    @Override
    public void close() {
        closed = true;
        if (call.isDone()) {
            // Its connection is the next call's.
            return;
        }
        call.cancel(true);
        AsyncExecRuntime open = connection;
        if (open != null) {
            open.discardEndpoint();
        }
    }
}
