package io.trayb.configuration;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says what Jackson found, in terms of the file: which key, what it is, what is allowed, and which variable set it.
 *
 * @param thrown what Jackson found
 * @param written the file as it is written, with its {@code ${…}}
 * @param read the same with the variables put in
 */
record MappingSentence(JsonMappingException thrown, JsonNode written, JsonNode read) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)");

    String text() {
        if (thrown instanceof UnrecognizedPropertyException unknown) {
            return key() + " is unknown; allowed are " + listed(unknown.getKnownPropertyIds());
        }
        if (thrown instanceof InvalidFormatException format) {
            return key() + " is '" + format.getValue() + "'" + setBy() + ", must be " + wanted(format.getTargetType());
        }
        if (thrown instanceof InvalidTypeIdException type) {
            return key() + " has type '" + type.getTypeId() + "', which doesn't exist";
        }
        // A record or a value refused what it was given, and its sentence says why.
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return key() + setBy() + ": " + cause.getMessage();
            }
        }
        return key() + setBy() + " can't be read here: it is " + kind(value(read)) + ", expected is "
                + "what config.yml shows at this key";
    }

    private String key() {
        StringBuilder key = new StringBuilder();
        for (JsonMappingException.Reference reference : thrown.getPath()) {
            if (reference.getFieldName() == null) {
                key.append('[').append(reference.getIndex()).append(']');
            } else {
                key.append(key.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return key.isEmpty() ? "the whole file" : key.toString();
    }

    private String setBy() {
        Matcher variable = VARIABLE.matcher(value(written).asText(""));
        return variable.find() ? " (set by " + variable.group(1) + ")" : "";
    }

    private JsonNode value(JsonNode root) {
        JsonNode node = root;
        for (JsonMappingException.Reference reference : thrown.getPath()) {
            node = reference.getFieldName() == null
                    ? node.path(reference.getIndex())
                    : node.path(reference.getFieldName());
        }
        return node;
    }

    private static String wanted(Class<?> type) {
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        return type.isEnum() ? "one of " + listed(List.of(type.getEnumConstants())) : "a " + type.getSimpleName();
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "a group of keys";
            case NULL, MISSING -> "empty";
            default -> "a value";
        };
    }

    private static String listed(Collection<?> names) {
        return names.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
    }
}
