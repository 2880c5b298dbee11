package io.trayb.keys.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.http.RequestIds;
import io.trayb.http.Timestamps;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Audited;
import io.trayb.keys.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down who operated on what, when, with what content and what came of it: one line of JSON for each call with the scope
 * operate, to the logger {@code io.trayb.audit}. What clients send is in JSON strings there, in ASCII and shortened, so that no line
 * break and no control character of theirs gets into the log; what looks like a key is left out. Thread-safe.
 */
public final class Audit implements ContainerResponseFilter {
    /** A logger of its own, so that it can have an appender of its own. */
    public static final String LOGGER = "io.trayb.audit";

    private static final Logger AUDIT = LoggerFactory.getLogger(LOGGER);
    private static final String WRITTEN = Audit.class.getName() + ".written";

    private final ObjectMapper json;
    private final ObjectWriter ascii;
    private final InstantSource clock;
    private final LineBudget known;
    private final LineBudget claiming;
    private final LineBudget strangers;

    /**
     * @param known how many lines there may be of refusals to those who are known; what was done is always written
     * @param claiming the same of those whom nobody knows and who bring a key's form: a revoked key that is in use must be seen, however
     *     many there are who bring nothing
     * @param strangers the same of all others
     */
    public Audit(ObjectMapper json, InstantSource clock, LineBudget known, LineBudget claiming, LineBudget strangers) {
        this.json = json;
        this.ascii = json.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
        this.clock = clock;
        this.known = known;
        this.claiming = claiming;
        this.strangers = strangers;
    }

    @Override
    public void filter(ContainerRequestContext asked, ContainerResponseContext answered) {
        String made =
                answered.getLocation() == null ? null : answered.getLocation().getPath();
        asked.setProperty(WRITTEN, true);
        Caller caller = Caller.of(asked);
        ObjectNode line = begun(
                caller,
                Caller.addressOf(asked),
                RequestIds.of(asked),
                asked.getMethod(),
                asked.getUriInfo().getRequestUri().getRawPath());
        answered(line, answered.getStatus(), made, Audited.fieldsOf(asked));
    }

    /** The same for a call that a servlet answers. */
    void write(Caller caller, HttpServletRequest asked, int status) {
        asked.setAttribute(WRITTEN, true);
        answered(begun(caller, asked), status, null, Audited.of(asked).fields());
    }

    /**
     * The same for a call that was refused before anybody looked at what it asks for; nothing if it was written down already.
     *
     * @param claimedId the public part of the key that it brought, whoever may have it and whether it is good or not
     */
    void refused(@Nullable Caller caller, @Nullable String claimedId, HttpServletRequest asked, int status) {
        if (asked.getAttribute(WRITTEN) != null) {
            return;
        }
        asked.setAttribute(WRITTEN, true);
        ObjectNode line = begun(caller, asked);
        LineBudget budget = known;
        if (caller == null) {
            line.put("keyId", claimedId);
            budget = claimedId == null ? strangers : claiming;
        }
        within(budget, line, status, null, Audited.NOTHING);
    }

    /** Of a call of somebody known: what was done is written in any case, and so is what failed, since it may be done all the same. */
    private void answered(ObjectNode line, int status, @Nullable String made, Map<String, @Nullable Object> what) {
        if (status >= 400 && status < 500) {
            within(known, line, status, made, what);
        } else {
            end(line, status, made, what);
        }
    }

    private void within(
            LineBudget budget, ObjectNode line, int status, @Nullable String made, Map<String, @Nullable Object> what) {
        OptionalLong leftOut = budget.take();
        if (leftOut.isEmpty()) {
            return;
        }
        if (leftOut.getAsLong() > 0) {
            line.put("leftOutBefore", leftOut.getAsLong());
        }
        end(line, status, made, what);
    }

    private ObjectNode begun(@Nullable Caller caller, HttpServletRequest asked) {
        return begun(caller, asked.getRemoteAddr(), RequestIds.of(asked), asked.getMethod(), asked.getRequestURI());
    }

    private ObjectNode begun(
            @Nullable Caller caller, String from, @Nullable String requestId, String method, String path) {
        ApiKey key = caller == null ? null : caller.key();
        ObjectNode line = json.createObjectNode();
        line.put("at", Timestamps.format(clock.instant()));
        line.put("key", caller == null ? null : caller.name());
        line.put("keyId", key == null ? null : key.id());
        line.put("from", from);
        line.put("requestId", requestId);
        line.put("method", AuditedValues.shown(method));
        line.put("path", AuditedValues.shownPath(path));
        return line;
    }

    private void end(ObjectNode line, int status, @Nullable String made, Map<String, @Nullable Object> what) {
        line.put("status", status);
        line.put("made", made == null ? null : AuditedValues.shown(made));
        new AuditedValues().write(what, line.putObject("what"));
        AUDIT.info("{}", text(line));
    }

    private String text(ObjectNode line) {
        try {
            return ascii.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("texts and numbers are always writable", e);
        }
    }
}
