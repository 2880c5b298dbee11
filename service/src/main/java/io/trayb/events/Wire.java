package io.trayb.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What a stream's bytes are written to. The first write goes through the servlet's output, which sends the answer's head with it;
 * those that follow go to the connection directly, each as one chunk, and the output is used again for the answer's end alone. The
 * way through the container takes longer than the system call, and an open stream needs nothing of it.
 *
 * <p>Used by one thread at a time; the connection calls back on any.
 */
final class Wire implements Callback {
    private static final ByteBuffer NO_HEAD = ByteBuffer.allocate(0);

    private final HttpOutput out;
    private final EndPoint endPoint;
    private final boolean chunked;
    private final Runnable ready;
    private boolean begun;
    private boolean direct;
    private volatile boolean underWay;
    private volatile @Nullable Throwable failure;

    /**
     * @param chunked whether the answer is sent in chunks, as HTTP/1.1 has it; else its end is that of the connection
     * @param ready called when a write has ended that didn't at once, well or not; must not wait
     */
    Wire(HttpOutput out, EndPoint endPoint, boolean chunked, Runnable ready) {
        this.out = Objects.requireNonNull(out, "out");
        this.endPoint = Objects.requireNonNull(endPoint, "endPoint");
        this.chunked = chunked;
        this.ready = Objects.requireNonNull(ready, "ready");
    }

    /**
     * Whether the last write has ended. No question: if it hasn't, somebody has been asked to say when it has.
     *
     * @throws IOException if it failed
     */
    boolean isReady() throws IOException {
        if (!direct) {
            boolean outIsReady = out.isReady();
            direct = begun && outIsReady;
            return outIsReady;
        }
        if (underWay) {
            return false;
        }
        Throwable cause = failure;
        if (cause != null) {
            throw new IOException("The connection broke", cause);
        }
        return true;
    }

    /** Writes; only when {@link #isReady}. The buffer is to be left alone until it is ready again. */
    void write(ByteBuffer bytes) throws IOException {
        if (!direct) {
            begun = true;
            out.write(bytes);
            return;
        }
        ByteBuffer head = chunked ? head(bytes.remaining()) : NO_HEAD;
        if (!endPoint.flush(head, bytes)) {
            underWay = true;
            endPoint.write(this, head, bytes);
        }
    }

    /**
     * As the container begins a chunk: it leaves out the end of the line behind each, and begins the next with it. Digit by digit,
     * since texts made for it took a fifth of the writers' time.
     */
    static ByteBuffer head(int size) {
        int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(size) + 3) / 4);
        byte[] head = new byte[digits + 4];
        head[0] = '\r';
        head[1] = '\n';
        for (int i = 0, left = size; i < digits; i++, left >>>= 4) {
            head[digits + 1 - i] = (byte) Character.forDigit(left & 0xf, 16);
        }
        head[digits + 2] = '\r';
        head[digits + 3] = '\n';
        return ByteBuffer.wrap(head);
    }

    @Override
    public void succeeded() {
        underWay = false;
        ready.run();
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
        underWay = false;
        ready.run();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
