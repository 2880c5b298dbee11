package io.trayb.http;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What JSON has to be there for a Java type, in words. */
final class JsonTypes {
    private static final Map<Class<?>, String> WORDS = Map.ofEntries(
            Map.entry(int.class, "a whole number, " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE),
            Map.entry(Integer.class, "a whole number, " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE),
            Map.entry(long.class, "a whole number"),
            Map.entry(Long.class, "a whole number"),
            Map.entry(BigInteger.class, "a whole number"),
            Map.entry(boolean.class, "true or false"),
            Map.entry(Boolean.class, "true or false"),
            Map.entry(String.class, "a text"),
            Map.entry(Instant.class, "a time as RFC 3339 has it, such as 2026-11-23T09:00:00.000Z"));

    private JsonTypes() {}

    static String inWords(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        String words = WORDS.get(type);
        if (words != null) {
            return words;
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a number";
        }
        return Collection.class.isAssignableFrom(type) || type.isArray() ? "a list" : "an object";
    }
}
