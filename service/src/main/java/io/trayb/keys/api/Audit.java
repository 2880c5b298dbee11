package io.trayb.keys.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.http.RequestIds;
import io.trayb.http.Timestamps;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who operated on what, when, and what came of it: one line of JSON for each call with the scope operate, to the
 * logger {@code io.trayb.audit}. What clients send is in JSON strings there, shortened, so that no line break and no control
 * character of theirs gets into the log. Thread-safe.
 */
public final class Audit implements ContainerResponseFilter {
    /** A logger of its own, so that it can have an appender of its own. */
    public static final String LOGGER = "io.trayb.audit";

    private static final Logger AUDIT = LoggerFactory.getLogger(LOGGER);
    private static final int SHOWN = 200;

    private final ObjectMapper json;
    private final InstantSource clock;

    public Audit(ObjectMapper json, InstantSource clock) {
        this.json = json;
        this.clock = clock;
    }

    @Override
    public void filter(ContainerRequestContext asked, ContainerResponseContext answered) {
        String made =
                answered.getLocation() == null ? null : answered.getLocation().getPath();
        write(
                Caller.of(asked),
                Caller.addressOf(asked),
                RequestIds.of(asked),
                asked.getMethod(),
                asked.getUriInfo().getRequestUri().getRawPath(),
                answered.getStatus(),
                made);
    }

    /** The same for a call that a servlet answers. */
    void write(Caller caller, HttpServletRequest asked, int status) {
        write(
                caller,
                asked.getRemoteAddr(),
                RequestIds.of(asked),
                asked.getMethod(),
                asked.getRequestURI(),
                status,
                null);
    }

    private void write(
            Caller caller,
            String from,
            @Nullable String requestId,
            String method,
            String path,
            int status,
            @Nullable String made) {
        ApiKey key = caller.key();
        ObjectNode line = json.createObjectNode();
        line.put("at", Timestamps.format(clock.instant()));
        line.put("key", caller.name());
        line.put("keyId", key == null ? null : key.id());
        line.put("from", from);
        line.put("requestId", requestId);
        line.put("method", method);
        line.put("path", shown(path));
        line.put("status", status);
        line.put("made", made == null ? null : shown(made));
        AUDIT.info("{}", text(line));
    }

    private String text(ObjectNode line) {
        try {
            return json.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("texts and numbers are always writable", e);
        }
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
