package io.trayb.jobs.handlers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Keeps the head of an answer's body, and asks for no more once there is more than that. Used by one call. */
final class BoundedBody extends AbstractBinResponseConsumer<BoundedBody.Answer> {
    /**
     * What came back.
     *
     * @param body as text; at most the given number of bytes of it
     * @param truncated whether there was more
     * @param location where a redirect leads to, as it was sent
     */
    record Answer(
            int status,
            String body,
            boolean truncated,
            @Nullable String location) {}

    private final int maxBytes;
    private final Consumer<Answer> enough;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean truncated;
    private int status;
    private @Nullable String location;
    private Charset charset = StandardCharsets.UTF_8;

    /** @param enough told once there is more than is kept: an answer need not end for that */
    BoundedBody(int maxBytes, Consumer<Answer> enough) {
        this.maxBytes = maxBytes;
        this.enough = enough;
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType contentType) {
        status = response.getCode();
        Header header = response.getFirstHeader("Location");
        location = header == null ? null : header.getValue();
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
            enough.accept(buildResult());
        }
    }

    @Override
    protected Answer buildResult() {
        return new Answer(status, head.toString(charset), truncated, location);
    }

    @Override
    public void releaseResources() {
        // Holds nothing but memory.
    }
}
