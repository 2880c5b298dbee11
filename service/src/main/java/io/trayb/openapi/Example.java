package io.trayb.openapi;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request and its answer, as they are made one after the other in a story: what a later one sends, an earlier one was answered.
 * A test makes all of them. Immutable, since nobody writes to the nodes.
 *
 * @param name under which the document shows the parts of both; once for each operation
 * @param summary what it shows
 * @param operation whose
 * @param anonymous whether it goes without a key
 * @param arguments the parameters by name; more than one value of the same is a list
 * @param body what is sent; null if nothing is
 * @param headers those of the answer that the document shows
 * @param answer the body that comes back: JSON, or text as one string; null if it isn't shown, or there is none
 */
public record Example(
        String name,
        String summary,
        String operation,
        boolean anonymous,
        Map<String, JsonNode> arguments,
        @Nullable JsonNode body,
        int status,
        Map<String, String> headers,
        @Nullable JsonNode answer) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Example>> LIST = new TypeReference<>() {};

    public Example {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** From a file, in which much may be left out. */
    @JsonCreator
    static Example of(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty(value = "summary", required = true) String summary,
            @JsonProperty(value = "operation", required = true) String operation,
            @JsonProperty("anonymous") boolean anonymous,
            @JsonProperty("arguments") @Nullable Map<String, JsonNode> arguments,
            @JsonProperty("body") @Nullable JsonNode body,
            @JsonProperty(value = "status", required = true) int status,
            @JsonProperty("headers") @Nullable Map<String, String> headers,
            @JsonProperty("answer") @Nullable JsonNode answer) {
        return new Example(
                name,
                summary,
                operation,
                anonymous,
                arguments == null ? Map.of() : arguments,
                body,
                status,
                headers == null ? Map.of() : headers,
                answer);
    }

    /**
     * Reads a story.
     *
     * @param resource the name of a file beside the class, a JSON array
     */
    public static List<Example> read(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not on the class path beside " + beside);
            }
            return JSON.readValue(in, LIST);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " can't be read: " + e.getMessage(), e);
        }
    }
}
