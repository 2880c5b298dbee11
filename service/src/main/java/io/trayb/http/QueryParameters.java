package io.trayb.http;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the queries of lists have in common: parameters that are known, once each, and a limit. */
public final class QueryParameters {
    /** The most that a page of a list has. */
    public static final int MAX_LIMIT = 500;

    /** What a page has if nobody says otherwise. */
    public static final int DEFAULT_LIMIT = 50;

    private static final Pattern LIMIT = Pattern.compile("\\d{1,4}");

    private QueryParameters() {}

    /** Notes parameters that aren't known, or are there more than once. */
    public static void checkNames(MultivaluedMap<String, String> query, Set<String> known, ValidationErrors errors) {
        for (String name : query.keySet()) {
            errors.check(
                    known.contains(name),
                    name,
                    query.getFirst(name),
                    "is not known; known are " + String.join(", ", known));
            errors.check(query.get(name).size() == 1, name, query.get(name), "must be there once");
        }
    }

    /** A parameter's value, which is noted if it doesn't match; null if it isn't there. */
    public static @Nullable String matching(
            MultivaluedMap<String, String> query, String name, Pattern pattern, ValidationErrors errors) {
        String value = query.getFirst(name);
        if (value != null) {
            errors.check(pattern.matcher(value).matches(), name, value, "must be " + pattern.pattern());
        }
        return value;
    }

    /** How many are asked for, 1 to 500. */
    public static int limit(MultivaluedMap<String, String> query, ValidationErrors errors) {
        String value = query.getFirst("limit");
        if (value == null) {
            return DEFAULT_LIMIT;
        }
        int limit = LIMIT.matcher(value).matches() ? Integer.parseInt(value) : 0;
        errors.check(limit >= 1 && limit <= MAX_LIMIT, "limit", value, "must be 1 to " + MAX_LIMIT);
        return limit;
    }
}
