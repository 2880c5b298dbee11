package io.trayb.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a JSON value has to look like, as JSON Schema 2020-12 says it. Immutable: each method gives the schema with one thing more.
 *
 * <p>A schema that was given a name is a reference to it, and takes along what the name stands for.
 */
public final class Schema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String TYPE = "type";
    private static final String REFERENCE = "$ref";
    private static final String COMPONENTS = "#/components/schemas/";

    private final ObjectNode json;
    private final Map<String, Schema> named;

    private Schema(ObjectNode json, Map<String, Schema> named) {
        this.json = json;
        this.named = Collections.unmodifiableMap(new TreeMap<>(named));
    }

    /** A schema written by hand, with the named ones that it refers to. */
    static Schema of(ObjectNode json, Map<String, Schema> named) {
        return new Schema(json.deepCopy(), named);
    }

    private static Schema ofType(String type) {
        return new Schema(NODES.objectNode().put(TYPE, type), Map.of());
    }

    /** Any JSON at all. */
    public static Schema anything() {
        return new Schema(NODES.objectNode(), Map.of());
    }

    public static Schema text() {
        return ofType("string");
    }

    /** Text of so many characters. */
    public static Schema text(int least, int most) {
        return text().with("minLength", least).with("maxLength", most);
    }

    /** Text of one character or more. */
    public static Schema nonEmpty() {
        return text().with("minLength", 1);
    }

    /** Text all of which matches; the pattern must mean the same in ECMAScript. */
    public static Schema text(Pattern pattern) {
        return text().with("pattern", "^(?:" + pattern.pattern() + ")$");
    }

    /** One of these texts. */
    public static Schema oneOf(Iterable<String> values) {
        ArrayNode all = NODES.arrayNode();
        values.forEach(all::add);
        return text().with("enum", all);
    }

    /** A time, which is answered in UTC with milliseconds and taken in any offset. */
    public static Schema time() {
        return text().with("format", "date-time");
    }

    public static Schema uuid() {
        return text().with("format", "uuid");
    }

    /** A whole number from 0 on. */
    public static Schema count() {
        return ofType("integer").with("format", "int64").with("minimum", 0);
    }

    /** A whole number within bounds. */
    public static Schema whole(long least, long most) {
        return ofType("integer")
                .with("format", most > Integer.MAX_VALUE ? "int64" : "int32")
                .with("minimum", least)
                .with("maximum", most);
    }

    /** From 0 to 1. */
    public static Schema share() {
        return number().with("minimum", 0).with("maximum", 1);
    }

    static Schema number() {
        return ofType("number");
    }

    public static Schema flag() {
        return ofType("boolean");
    }

    public static Schema list(Schema items) {
        ObjectNode list = NODES.objectNode().put(TYPE, "array");
        list.set("items", items.json());
        return new Schema(list, items.named);
    }

    public static Schema list(Schema items, int least, int most) {
        return list(items).with("minItems", least).with("maxItems", most);
    }

    /** An object whose fields have names that aren't known beforehand. */
    public static Schema map(Schema values) {
        ObjectNode map = NODES.objectNode().put(TYPE, "object");
        map.set("additionalProperties", values.json());
        return new Schema(map, values.named);
    }

    /** The same, or {@code null}. */
    public Schema orNull() {
        if (json.has(REFERENCE)) {
            ObjectNode either = NODES.objectNode();
            either.putArray("anyOf").add(json.deepCopy()).addObject().put(TYPE, "null");
            return new Schema(either, named);
        }
        ObjectNode copy = json.deepCopy();
        if (copy.path(TYPE).isTextual()) {
            String type = copy.path(TYPE).textValue();
            copy.putArray(TYPE).add(type).add("null");
        }
        if (copy.get("enum") instanceof ArrayNode values) {
            values.addNull();
        }
        return new Schema(copy, named);
    }

    /** The same with what a field that is left out stands for. */
    public Schema otherwise(long value) {
        return with("default", NODES.numberNode(value));
    }

    /** The same with what a field that is left out stands for. */
    public Schema otherwise(boolean value) {
        return with("default", NODES.booleanNode(value));
    }

    /** The same with what a field that is left out stands for. */
    public Schema otherwise(String value) {
        return with("default", NODES.textNode(value));
    }

    /** The same with a sentence on what it is. */
    public Schema saying(String description) {
        return with("description", NODES.textNode(description));
    }

    /**
     * A reference to this by a name, once for the whole document.
     *
     * @throws IllegalArgumentException if another schema that this one refers to has the name
     */
    public Schema named(String name) {
        Map<String, Schema> all = new TreeMap<>(named);
        if (all.put(name, this) != null) {
            throw new IllegalArgumentException("schema '" + name + "' refers to another one of its own name");
        }
        return new Schema(NODES.objectNode().put(REFERENCE, COMPONENTS + name), all);
    }

    private Schema with(String keyword, JsonNode value) {
        ObjectNode copy = json.deepCopy();
        copy.set(keyword, value);
        return new Schema(copy, named);
    }

    private Schema with(String keyword, String value) {
        return with(keyword, NODES.textNode(value));
    }

    private Schema with(String keyword, long value) {
        return with(keyword, NODES.numberNode(value));
    }

    /** As it is written where it is used. */
    ObjectNode json() {
        return json.deepCopy();
    }

    /** All that it refers to, by name; of these again, all that they refer to. */
    Map<String, Schema> named() {
        return named;
    }

    /** What is behind a name, or this itself if it has none. */
    Schema resolved() {
        String reference = json.path(REFERENCE).asText();
        Schema target = named.get(reference.startsWith(COMPONENTS) ? reference.substring(COMPONENTS.length()) : "");
        return target == null ? this : target;
    }

    @Override
    public String toString() {
        return json.toString();
    }
}
