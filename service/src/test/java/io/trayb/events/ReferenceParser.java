package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The event stream format, sentence by sentence as the HTML standard has it (section "Server-sent events", "Interpreting an event
 * stream"), and nothing else: what a browser makes of the bytes. Written from the standard and not from the encoder. For one thread.
 */
final class ReferenceParser {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final CharsetDecoder decoder = UTF_8.newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final List<Dispatched> events = new ArrayList<>();
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder dataBuffer = new StringBuilder();
    private String eventTypeBuffer = "";
    private String lastEventIdBuffer = "";
    private String lastEventId = "";
    private @Nullable Long reconnectionTime;
    private ByteBuffer undecoded = ByteBuffer.allocate(0);
    private boolean begun;
    private boolean afterCarriageReturn;

    /** An event as a page gets it. */
    record Dispatched(String type, String data, String lastEventId) {}

    /** Takes bytes as they come, cut anywhere. */
    void feed(byte[] bytes) {
        ByteBuffer in = ByteBuffer.allocate(undecoded.remaining() + bytes.length)
                .put(undecoded)
                .put(bytes)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, out, false);
        undecoded = in.slice();
        for (char character : out.flip().toString().toCharArray()) {
            take(character);
        }
    }

    private void take(char character) {
        boolean first = !begun;
        begun = true;
        if (first && character == BYTE_ORDER_MARK) {
            return;
        }
        boolean endsPair = character == '\n' && afterCarriageReturn;
        afterCarriageReturn = character == '\r';
        if (endsPair) {
            return;
        }
        if (character == '\n' || character == '\r') {
            process(line.toString());
            line.setLength(0);
        } else {
            line.append(character);
        }
    }

    private void process(String text) {
        int colon = text.indexOf(':');
        if (text.isEmpty()) {
            dispatch();
        } else if (colon > 0) {
            String value = text.substring(colon + 1);
            field(text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        } else if (colon < 0) {
            field(text, "");
        }
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> eventTypeBuffer = value;
            case "data" -> dataBuffer.append(value).append('\n');
            case "id" -> lastEventIdBuffer = value.indexOf('\0') >= 0 ? lastEventIdBuffer : value;
            case "retry" -> {
                if (value.matches("[0-9]+")) {
                    reconnectionTime = Long.valueOf(value);
                }
            }
            default -> {
                // The field is ignored.
            }
        }
    }

    private void dispatch() {
        lastEventId = lastEventIdBuffer;
        if (!dataBuffer.isEmpty()) {
            dataBuffer.setLength(dataBuffer.length() - 1);
            events.add(new Dispatched(
                    eventTypeBuffer.isEmpty() ? "message" : eventTypeBuffer, dataBuffer.toString(), lastEventId));
        }
        dataBuffer.setLength(0);
        eventTypeBuffer = "";
    }

    List<Dispatched> events() {
        return List.copyOf(events);
    }

    /** What a reconnect would send. */
    String lastEventId() {
        return lastEventId;
    }

    @Nullable
    Long reconnectionTime() {
        return reconnectionTime;
    }
}
