package io.trayb.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed description of the API, and what it has to say of an answer. Stricter than clients have to be: a field that isn't
 * described is a fault. Thread-safe.
 */
public final class ApiContract {
    /** An operation, and where it is. */
    public record Described(String method, String path, JsonNode operation) {
        /** Its parameter of that name. */
        public JsonNode parameter(String name) {
            for (JsonNode parameter : operation.path("parameters")) {
                if (parameter.path("name").asText().equals(name)) {
                    return parameter;
                }
            }
            throw new AssertionError(method + " " + path + " has no parameter " + name);
        }

        /** The schema of its body; a missing node if it takes none. */
        public JsonNode body() {
            return operation.at("/requestBody/content/application~1json/schema");
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private final JsonNode document;
    private final JsonNode strictSchemas;
    private final Map<String, Described> operations = new TreeMap<>();
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    private ApiContract(JsonNode document) {
        this.document = document;
        JsonNode all = document.at("/components/schemas").deepCopy();
        all.forEach(ApiContract::close);
        this.strictSchemas = all;
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> operations.put(
                                method.getValue().path("operationId").asText(),
                                new Described(
                                        method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
    }

    /** As it is committed. */
    public static ApiContract committed() {
        try {
            return new ApiContract(JSON.readTree(Files.readString(Path.of("..", "docs", "openapi.json"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode document() {
        return document;
    }

    public Map<String, Described> operations() {
        return operations;
    }

    public Described operation(String id) {
        Described found = operations.get(id);
        if (found == null) {
            throw new AssertionError("there is no operation " + id);
        }
        return found;
    }

    /** What a reference leads to, or the node itself. */
    public JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.startsWith("#") ? document.at(reference.substring(1)) : node;
    }

    /** Everything in which an answer isn't as described. */
    public List<String> faults(Described call, int status, @Nullable String contentType, @Nullable JsonNode body) {
        List<String> faults = new ArrayList<>();
        JsonNode answer = resolved(call.operation().path("responses").path(Integer.toString(status)));
        if (answer.isMissingNode()) {
            faults.add(status + " is not described");
            return faults;
        }
        JsonNode content = answer.path("content");
        if (content.isMissingNode()) {
            if (body != null) {
                faults.add(status + " has a body, and is described without one");
            }
            return faults;
        }
        String type = contentType == null ? "" : contentType.replaceFirst("\\s*;.*", "");
        JsonNode media = content.path(type);
        if (media.isMissingNode()) {
            faults.add(status + " is of the type '" + type + "', and is described with " + names(content));
        } else if (body != null) {
            faults.addAll(faults(media.path("schema"), body));
        } else if (!type.equals("text/event-stream")) {
            faults.add(status + " has no body, and is described with one");
        }
        return faults;
    }

    /** The headers that an answer has; without those of rate limits, which not every key has. */
    public List<String> headers(Described call, int status) {
        JsonNode answer = resolved(call.operation().path("responses").path(Integer.toString(status)));
        return names(answer.path("headers")).stream()
                .filter(name -> !name.startsWith("RateLimit"))
                .toList();
    }

    /** Everything in which a refusal that is no operation's own isn't a problem. */
    public List<String> faultsOfProblem(@Nullable JsonNode body) {
        return body == null
                ? List.of("has no body")
                : faults(JSON.createObjectNode().put("$ref", "#/components/schemas/Problem"), body);
    }

    /** Everything in which a schema isn't one. */
    public static List<String> faultsOfSchema(JsonNode schema) {
        return REGISTRY
                .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
                .validate(schema)
                .stream()
                .map(Error::toString)
                .toList();
    }

    /** Everything in which a value isn't as its schema says. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        Schema compiled = schemas.computeIfAbsent(schema, any -> {
            ObjectNode root = any.deepCopy();
            close(root);
            root.putObject("components").set("schemas", strictSchemas);
            return REGISTRY.getSchema(root);
        });
        List<Error> errors = compiled.validate(value);
        return errors.stream().map(Error::toString).toList();
    }

    /** Allows no field that isn't described, also not of objects within. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        schema.forEach(ApiContract::close);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
