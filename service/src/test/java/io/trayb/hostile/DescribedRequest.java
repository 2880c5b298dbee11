package io.trayb.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.trayb.openapi.ApiContract.Described;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request for an operation, in parts that can be bent one by one before it is written. For one thread. */
final class DescribedRequest {
    final Described call;

    /** By name, percent-encoded. */
    final Map<String, String> path = new TreeMap<>();

    /** Names and values, percent-encoded. */
    final List<Map.Entry<String, String>> query = new ArrayList<>();

    final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte @Nullable [] body;

    DescribedRequest(Described call) {
        this.call = call;
    }

    /** Half characters are written as escapes, as a client could write them. */
    void setBody(String json) {
        StringBuilder escaped = new StringBuilder();
        json.chars().forEach(c -> {
            if (Character.isSurrogate((char) c)) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        body = escaped.toString().getBytes(UTF_8);
    }

    /** What another one sends. */
    void takeBody(DescribedRequest other) {
        body = other.body == null ? null : other.body.clone();
    }

    byte @Nullable [] body() {
        return body;
    }

    /** As it goes over the wire. */
    byte[] bytes(String key) {
        String target = call.path();
        for (Map.Entry<String, String> variable : path.entrySet()) {
            target = target.replace("{" + variable.getKey() + "}", variable.getValue());
        }
        StringBuilder head = new StringBuilder(call.method()).append(' ').append(target);
        char separator = '?';
        for (Map.Entry<String, String> parameter : query) {
            head.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
            separator = '&';
        }
        head.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ")
                .append(key)
                .append("\r\n");
        headers.forEach(header -> head.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        byte[] content = body == null ? new byte[0] : body;
        if (body != null && headers.stream().noneMatch(header -> header.getKey().equals("Content-Type"))) {
            head.append("Content-Type: application/json\r\n");
        }
        head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(ISO_8859_1));
        all.writeBytes(content);
        return all.toByteArray();
    }

    /** Percent-encoded; half a character as the bytes that its code would have. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        text.codePoints().forEach(c -> {
            byte[] bytes = Character.getType(c) == Character.SURROGATE
                    ? new byte[] {
                        (byte) (0xe0 | (c >> 12)), (byte) (0x80 | ((c >> 6) & 0x3f)), (byte) (0x80 | (c & 0x3f))
                    }
                    : Character.toString(c).getBytes(UTF_8);
            for (byte b : bytes) {
                boolean plain = b > 0 && (Character.isLetterOrDigit(b) || "-._~".indexOf(b) >= 0);
                encoded.append(plain ? Character.toString(b) : String.format("%%%02x", b & 0xff));
            }
        });
        return encoded.toString();
    }
}
