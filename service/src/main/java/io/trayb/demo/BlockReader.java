package io.trayb.demo;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads blocks from an event stream, as the HTML standard's <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">interpretation</a> says. For one
 * thread; {@link #close} may come from another one and ends a read that waits.
 */
final class BlockReader implements Closeable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final InputStream stream;
    private final BufferedReader lines;
    private boolean atStart = true;

    BlockReader(InputStream stream) {
        this.stream = stream;
        this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /**
     * Waits for the next block that carries anything.
     *
     * @return null at the end of the stream; a block that the end cuts off is dropped, since its rest would be lost
     */
    @Nullable
    Block next() throws IOException {
        String id = null;
        String event = "";
        StringBuilder data = null;
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.isEmpty()) {
                if (id != null || data != null) {
                    return new Block(id, event.isEmpty() ? "message" : event, data == null ? null : data.toString());
                }
                event = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : withoutLeadingSpace(line.substring(colon + 1));
            switch (field) {
                case "id" -> id = value.indexOf('\0') < 0 ? value : id;
                case "event" -> event = value;
                case "data" ->
                    data = data == null
                            ? new StringBuilder(value)
                            : data.append('\n').append(value);
                default -> {
                    // A comment (an empty field name), `retry`, which is for clients that wait for ever, or something
                    // newer.
                }
            }
        }
        return null;
    }

    private @Nullable String readLine() throws IOException {
        String line = lines.readLine();
        if (atStart && line != null) {
            atStart = false;
            if (!line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
                return line.substring(1);
            }
        }
        return line;
    }

    private static String withoutLeadingSpace(String value) {
        return value.startsWith(" ") ? value.substring(1) : value;
    }

    /** Closes the stream itself: the reader around it would wait for the lock that a waiting {@link #next} holds. */
    @Override
    public void close() throws IOException {
        stream.close();
    }
}
