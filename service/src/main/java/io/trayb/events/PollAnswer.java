package io.trayb.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.trayb.http.RequestIds;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a poll's answer without a thread waiting for the client. For one answer; begun while the thread has the poll's request id,
 * then called by the container.
 */
final class PollAnswer implements WriteListener {
    private static final Logger LOG = LoggerFactory.getLogger(PollAnswer.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final AsyncContext async;
    private final HttpOutput out;
    private final ByteBuffer body;
    private final @Nullable String id;
    private boolean written;

    private PollAnswer(AsyncContext async, HttpOutput out, ByteBuffer body) {
        this.async = async;
        this.out = out;
        this.body = body;
        this.id = RequestIds.current();
    }

    static void write(AsyncContext async, Poll.Answer answer) {
        try {
            byte[] json = json(answer);
            HttpServletResponse response = (HttpServletResponse) async.getResponse();
            response.setContentType("application/json");
            response.setContentLength(json.length);
            HttpOutput out = (HttpOutput) response.getOutputStream();
            out.setWriteListener(new PollAnswer(async, out, ByteBuffer.wrap(json)));
        } catch (IOException | IllegalStateException e) {
            // The client went away, or the container has given up on it; its next poll asks from the same cursor.
            LOG.debug("A poll couldn't be answered", e);
            complete(async);
        }
    }

    static byte[] json(Poll.Answer answer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeArrayFieldStart("events");
            for (LogEntry.Change change : answer.events()) {
                json.writeStartObject();
                json.writeStringField("id", change.cursor().toString());
                json.writeStringField("event", change.event().name());
                json.writeFieldName("data");
                json.writeRawValue(change.event().data());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("cursor", answer.cursor().toString());
            json.writeBooleanField("gap", answer.gap());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (written) {
                complete(async);
                return;
            }
            written = true;
            out.write(body);
        }
    }

    @Override
    public void onError(Throwable failure) {
        RequestIds.during(id, () -> LOG.debug("A poll's client went away", failure));
        complete(async);
    }

    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // The container was faster, which is all that was wanted.
            LOG.debug("A poll was complete already", e);
        }
    }
}
