package io.trayb.http;

import java.util.Queue;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A request of which a part was read ahead. Each chunk of that is either read, and no longer held from there on, or released. */
final class GatheredRequest extends Request.Wrapper {
    private final Queue<Content.Chunk> ahead;

    /** @param ahead thread-safe; becomes this request's own */
    GatheredRequest(Request request, Queue<Content.Chunk> ahead) {
        super(request);
        this.ahead = ahead;
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk next = ahead.poll();
        return next == null ? super.read() : next;
    }

    @Override
    public void demand(Runnable demandCallback) {
        if (ahead.isEmpty()) {
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
        for (Content.Chunk unread = ahead.poll(); unread != null; unread = ahead.poll()) {
            unread.release();
        }
    }
}
