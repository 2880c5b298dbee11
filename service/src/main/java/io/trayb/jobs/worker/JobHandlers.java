package io.trayb.jobs.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import io.trayb.jobs.JobSubmission;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The handlers of this process, by type. Immutable and thread-safe. */
public final class JobHandlers {
    /** A handler with what its payload is bound to. */
    private record Bound(JobHandler<?> handler, JavaType payloadType) {}

    private final TreeMap<String, Bound> byType = new TreeMap<>();
    private final ObjectMapper json;

    /**
     * @param json binds payloads and writes results
     * @throws IllegalArgumentException if two handlers have the same type, or one has a type that no job can have
     */
    public JobHandlers(Collection<? extends JobHandler<?>> handlers, ObjectMapper json) {
        this.json = json;
        for (JobHandler<?> handler : handlers) {
            String type = handler.type();
            if (!JobSubmission.TYPE.matcher(type).matches()) {
                throw new IllegalArgumentException(
                        "type of " + handler.getClass().getName() + " is '" + type + "', but must match "
                                + JobSubmission.TYPE.pattern());
            }
            Bound earlier = byType.put(type, new Bound(handler, payloadType(handler)));
            if (earlier != null) {
                throw new IllegalArgumentException("job type '" + type + "' has two handlers, "
                        + earlier.handler().getClass().getName() + " and "
                        + handler.getClass().getName() + ": remove one from the class path");
            }
        }
    }

    /** The types that this process can run. */
    public Set<String> types() {
        return Collections.unmodifiableSet(byType.keySet());
    }

    /**
     * Runs one attempt.
     *
     * @return the result as JSON text, or null
     * @throws JobFailure if the payload doesn't fit the handler, or the result is no JSON or too long
     */
    @Nullable
    String run(String type, String payload, JobContext context) throws Exception {
        Bound bound = byType.get(type);
        if (bound == null) {
            throw new IllegalStateException("claimed a job of type '" + type + "', which has no handler here");
        }
        return write(invoke(bound, payload, context));
    }

    private @Nullable Object invoke(Bound bound, String payload, JobContext context) throws Exception {
        @SuppressWarnings("unchecked") // The payload is bound to the very type that the handler's class declares.
        JobHandler<@Nullable Object> handler = (JobHandler<@Nullable Object>) bound.handler();
        Object bindable;
        try {
            bindable = json.readValue(payload, bound.payloadType());
        } catch (JsonProcessingException e) {
            throw JobFailure.permanent("the payload doesn't fit job type '" + handler.type() + "'" + place(e), e);
        }
        return handler.run(bindable, context);
    }

    /** Where in the payload it went wrong; not what Jackson says of it, since that names classes. */
    private static String place(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        return mapping.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining(".", ": see its field '", "'"));
    }

    private @Nullable String write(@Nullable Object result) throws JobFailure {
        if (result == null) {
            return null;
        }
        String text;
        try {
            text = json.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw JobFailure.permanent("the result can't be written as JSON: " + e.getOriginalMessage(), e);
        }
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > JobSubmission.MAX_PAYLOAD_BYTES) {
            throw JobFailure.permanent(
                    "the result has " + size + " bytes, but at most " + JobSubmission.MAX_PAYLOAD_BYTES + " are kept");
        }
        return text;
    }

    private JavaType payloadType(JobHandler<?> handler) {
        JavaType[] parameters =
                json.getTypeFactory().constructType(handler.getClass()).findTypeParameters(JobHandler.class);
        if (parameters == null || parameters.length != 1) {
            throw new IllegalArgumentException(handler.getClass().getName()
                    + " doesn't say what its payload is: implement JobHandler<P> with a class for P");
        }
        return parameters[0];
    }
}
