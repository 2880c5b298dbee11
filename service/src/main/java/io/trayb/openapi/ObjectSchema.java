package io.trayb.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Builds the schema of an object, field by field. For one thread. */
public final class ObjectSchema {
    private final boolean closed;
    private final Map<String, Schema> fields = new LinkedHashMap<>();
    private final Set<String> required = new LinkedHashSet<>();

    private ObjectSchema(boolean closed) {
        this.closed = closed;
    }

    /** Of what a client sends: a field that isn't known is refused, and one that is {@code null} counts as left out. */
    public static ObjectSchema request() {
        return new ObjectSchema(true);
    }

    /** Of what a client gets: there may be more fields one day, which it has to pass over. */
    public static ObjectSchema answer() {
        return new ObjectSchema(false);
    }

    /** A field that is always there. */
    public ObjectSchema required(String field, Schema schema, String description) {
        required.add(field);
        return put(field, schema, description);
    }

    /** A field that may be left out. */
    public ObjectSchema optional(String field, Schema schema, String description) {
        return put(field, closed ? schema.orNull() : schema, description);
    }

    /** All the fields of another object. */
    ObjectSchema including(Schema other) {
        ObjectNode object = other.resolved().json();
        object.path("properties")
                .properties()
                .forEach(field -> put(
                        field.getKey(),
                        Schema.of(
                                (ObjectNode) field.getValue(), other.resolved().named())));
        object.path("required").forEach(name -> required.add(name.textValue()));
        return this;
    }

    private ObjectSchema put(String field, Schema schema, String description) {
        if (description.isBlank()) {
            throw new IllegalArgumentException("field '" + field + "' must be described");
        }
        return put(field, schema.saying(description));
    }

    private ObjectSchema put(String field, Schema schema) {
        if (fields.put(field, schema) != null) {
            throw new IllegalArgumentException("field '" + field + "' is there twice");
        }
        return this;
    }

    /** The object with the fields so far. */
    public Schema build() {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("type", "object");
        Map<String, Schema> named = new TreeMap<>();
        ObjectNode properties = object.putObject("properties");
        fields.forEach((name, schema) -> {
            properties.set(name, schema.json());
            named.putAll(schema.named());
        });
        if (!required.isEmpty()) {
            required.forEach(object.putArray("required")::add);
        }
        if (closed) {
            object.put("additionalProperties", false);
        }
        return Schema.of(object, named);
    }

    /** The object with the fields so far, under a name. */
    public Schema named(String name) {
        return build().named(name);
    }
}
