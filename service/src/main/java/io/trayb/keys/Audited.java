package io.trayb.keys;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call that operates asks for, and what it did, as the audit log has it beside who, when and the status: noted by whoever answers
 * the call, as soon as it is known. Of what may be secret (a payload, a key) never the content, only that and how much there is of it.
 * For one request; not thread-safe.
 */
public final class Audited {
    /** Of a call of which nobody has noted anything. */
    public static final Map<String, @Nullable Object> NOTHING = Collections.unmodifiableMap(new LinkedHashMap<>());

    private static final String ATTRIBUTE = Audited.class.getName();

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    private Audited() {}

    /** What is known of this request; whatever is noted there is written once it is answered. */
    public static Audited of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Audited known) {
            return known;
        }
        Audited begun = new Audited();
        request.setAttribute(ATTRIBUTE, begun);
        return begun;
    }

    /** What was noted for a request that Jersey answers; nothing if nobody did. */
    public static Map<String, @Nullable Object> fieldsOf(ContainerRequestContext request) {
        return request.getProperty(ATTRIBUTE) instanceof Audited known ? known.fields() : NOTHING;
    }

    /**
     * Notes one thing.
     *
     * @param value a text, a number, true or false, a time, a list or a map of these; texts are shortened when they are written
     */
    public Audited note(String field, @Nullable Object value) {
        fields.put(field, value);
        return this;
    }

    /** All that was noted, in that order. */
    public Map<String, @Nullable Object> fields() {
        return Collections.unmodifiableMap(fields);
    }
}
