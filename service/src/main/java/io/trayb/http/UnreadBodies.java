package io.trayb.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Says {@code Connection: close} on an answer that is ready before the request's body has come. Thread-safe.
 *
 * <p>Jetty closes such a connection, since it can't know where the next request begins, but tells the client only by closing. A
 * client that keeps connections would send its next request into one that is going, and couldn't know whether that was heard.
 */
final class UnreadBodies extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(request, new Announcing(request, response), callback);
    }

    private static final class Announcing extends Response.Wrapper {
        Announcing(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (!isCommitted() && !getRequest().consumeAvailable()) {
                getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            }
            super.write(last, content, callback);
        }
    }
}
