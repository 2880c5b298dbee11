package io.trayb.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a record that is answered. Which fields there are, of which type, and which may be {@code null} or be left out is
 * read from the record, as Jackson does; what they mean is said here, and nothing can be left unsaid. For one thread.
 */
public final class RecordSchema {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Said(@Nullable Schema schema, String description) {}

    private final Class<? extends Record> type;
    private final Map<String, Said> said = new LinkedHashMap<>();

    private RecordSchema(Class<? extends Record> type) {
        this.type = type;
    }

    public static RecordSchema of(Class<? extends Record> type) {
        return new RecordSchema(type);
    }

    /** What a field means, whose type says the rest. */
    public RecordSchema field(String name, String description) {
        said.put(name, new Said(null, description));
        return this;
    }

    /** What a field means, and what its values are, {@code null} aside. */
    public RecordSchema field(String name, Schema schema, String description) {
        said.put(name, new Said(schema, description));
        return this;
    }

    /**
     * The record's schema under a name.
     *
     * @throws IllegalArgumentException naming every field about which nothing was said, or that the record doesn't have
     */
    public Schema named(String name) {
        return build().named(name);
    }

    /** The record's schema without a name; throws as {@link #named} does. */
    public Schema build() {
        ObjectSchema object = ObjectSchema.answer();
        TreeSet<String> unsaid = new TreeSet<>();
        TreeSet<String> unknown = new TreeSet<>(said.keySet());
        for (RecordComponent component : type.getRecordComponents()) {
            unknown.remove(component.getName());
            Said about = said.get(component.getName());
            if (about == null) {
                unsaid.add(component.getName());
            } else {
                add(object, component, about);
            }
        }
        if (!unsaid.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException("the description of " + type.getSimpleName()
                    + " must be of all its fields and no others; missing are " + unsaid + ", unknown are " + unknown);
        }
        return object.build();
    }

    private static void add(ObjectSchema object, RecordComponent component, Said about) {
        Method accessor = component.getAccessor();
        Schema given = about.schema();
        if (accessor.isAnnotationPresent(JsonUnwrapped.class)) {
            if (given == null) {
                throw new IllegalArgumentException(component + " is unwrapped, so its schema must be given");
            }
            object.including(given);
            return;
        }
        Schema schema = given == null ? ofType(component, component.getGenericType()) : given;
        JsonInclude include = accessor.getAnnotation(JsonInclude.class);
        boolean leftOut = include != null && include.value() != JsonInclude.Include.ALWAYS;
        if (leftOut) {
            object.optional(component.getName(), schema, about.description());
        } else {
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            object.required(component.getName(), nullable ? schema.orNull() : schema, about.description());
        }
    }

    private static Schema ofType(RecordComponent component, Type type) {
        if (component.getAccessor().isAnnotationPresent(JsonRawValue.class)) {
            return Schema.anything();
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return Schema.list(ofType(component, list.getActualTypeArguments()[0]));
        }
        Optional<Schema> plain = type instanceof Class<?> known ? ofClass(known) : Optional.empty();
        return plain.orElseThrow(() -> notKnown(component));
    }

    private static IllegalArgumentException notKnown(RecordComponent component) {
        return new IllegalArgumentException(
                "of " + component.getDeclaringRecord().getSimpleName() + " the schema of '" + component.getName()
                        + "' must be given, since it doesn't follow from its type");
    }

    private static Optional<Schema> ofClass(Class<?> type) {
        if (type.isEnum()) {
            return Optional.of(Schema.oneOf(Arrays.stream(type.getEnumConstants())
                    .map(constant -> JSON.valueToTree(constant).asText())
                    .toList()));
        }
        Map<Class<?>, Schema> known = Map.ofEntries(
                Map.entry(String.class, Schema.text()),
                Map.entry(int.class, Schema.whole(0, Integer.MAX_VALUE)),
                Map.entry(Integer.class, Schema.whole(0, Integer.MAX_VALUE)),
                Map.entry(long.class, Schema.count()),
                Map.entry(Long.class, Schema.count()),
                Map.entry(double.class, Schema.number()),
                Map.entry(boolean.class, Schema.flag()),
                Map.entry(Instant.class, Schema.time()),
                Map.entry(UUID.class, Schema.uuid()));
        return Optional.ofNullable(known.get(type));
    }
}
