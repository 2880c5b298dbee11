package io.trayb.jobs.handlers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Keeps the head of an answer's body and lets the rest go by. Used by one call. */
final class BoundedBody extends AbstractBinResponseConsumer<BoundedBody.Answer> {
    /**
     * What came back.
     *
     * @param body as text; at most the given number of bytes of it
     * @param truncated whether there was more
     */
    record Answer(int status, String body, boolean truncated) {}

    private final int maxBytes;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean truncated;
    private int status;
    private Charset charset = StandardCharsets.UTF_8;

    BoundedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType contentType) {
        status = response.getCode();
        charset = contentType == null ? StandardCharsets.UTF_8 : contentType.getCharset(StandardCharsets.UTF_8);
    }

    @Override
    protected int capacityIncrement() {
        return Integer.MAX_VALUE;
    }

    @Override
    protected void data(ByteBuffer source, boolean endOfStream) {
        int kept = Math.min(source.remaining(), maxBytes - head.size());
        byte[] bytes = new byte[kept];
        source.get(bytes);
        head.write(bytes, 0, kept);
        if (source.hasRemaining()) {
            truncated = true;
            source.position(source.limit());
        }
    }

    @Override
    protected Answer buildResult() {
        return new Answer(status, head.toString(charset), truncated);
    }

    @Override
    public void releaseResources() {
        // Holds nothing but memory.
    }
}
