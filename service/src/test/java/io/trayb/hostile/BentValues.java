package io.trayb.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** JSON that isn't what a field's schema says, or is at the edge of it; as text, since some of it is no JSON to most writers. */
final class BentValues {
    /** No parser takes these, so that no field can be named. */
    static final List<String> UNREADABLE = List.of(
            "[".repeat(201) + "]".repeat(201),
            "{\"a\":".repeat(201) + "1" + "}".repeat(201),
            "9".repeat(1_001),
            "1e99999999999",
            "NaN",
            "01",
            "\"a\nb\"",
            "{\"a\":1,\"a\":1}",
            "{\"\\ud800\":1}",
            "'x'",
            "");

    /** Text that Postgres can't keep. */
    static final List<String> UNKEPT =
            List.of("\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "[{\"a\":\"\\u0000\"}]");

    private static final List<String> OF_EVERY_TYPE = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "5.0",
            "1e2",
            "\"5\"",
            "\"\"",
            "\" \"",
            "\"x\"",
            "[]",
            "[[]]",
            "{}",
            "{\"a\":1}");
    private static final List<String> HUGE = List.of(
            "1e999999999",
            "-1e-999999999",
            "9223372036854775808",
            "9".repeat(999),
            "\"" + "x".repeat(10_000) + "\"",
            "\"" + "\\u00fc".repeat(2_001) + "\"");
    private static final List<String> STRANGE = List.of(
            "\"a\\r\\nb\"",
            "\"\\u001b[31m\"",
            "\"\\u2028\"",
            "\"' or 1=1--\"",
            "\"${jndi:x}\"",
            "\"*\"",
            "\"local\"",
            "\"../..\"");

    private BentValues() {}

    /** For a field of any kind. */
    static List<String> all() {
        List<String> all = new ArrayList<>(OF_EVERY_TYPE);
        all.addAll(HUGE);
        all.addAll(STRANGE);
        return all;
    }

    /** Beyond the limits of a schema. */
    static List<String> beyond(JsonNode schema, FittingValues values) {
        List<String> beyond = new ArrayList<>();
        List<String> types = FittingValues.types(schema);
        if (types.contains("integer")) {
            beyond.add(Long.toString(schema.path("minimum").asLong() - 1));
            beyond.add(Long.toString(schema.path("maximum").asLong() + 1));
        }
        if (types.contains("string")) {
            int longest = schema.path("maxLength").asInt();
            if (longest > 0) {
                beyond.add('"' + "x".repeat(longest + 1) + '"');
                beyond.add('"' + "\\ud83d\\ude00".repeat(longest + 1) + '"');
            }
            if (schema.has("pattern")) {
                String right = values.matching(schema.path("pattern").textValue());
                beyond.add('"' + right.replace("\\", "\\\\").replace("\"", "\\\"") + "\\n\"");
                beyond.add('"' + right.replace("\\", "\\\\").replace("\"", "\\\"") + "\u00fc\"");
            }
            if (schema.has("enum")) {
                beyond.add("\"none-of-them\"");
                schema.path("enum").forEach(value -> beyond.add("\"" + value.asText() + " \""));
            }
            if (schema.path("format").asText().equals("date-time")) {
                beyond.addAll(List.of(
                        "\"yesterday\"",
                        "\"2026-11-28\"",
                        "\"2026-11-28T09:00Z\"",
                        "\"2026-11-28T09:00:00\"",
                        "\"2026-11-28 09:00:00Z\"",
                        "\"2026-02-30T09:00:00Z\"",
                        "\"2026-11-28T25:00:00Z\"",
                        "\"2026-11-28T09:00:00+01\"",
                        "\"2026-11-28T09:00:00+01:00:00\"",
                        "\"+12026-11-28T09:00:00Z\"",
                        "1764320400",
                        "1764320400.5"));
            }
        }
        if (types.contains("array")) {
            JsonNode item = schema.path("items");
            int most = schema.path("maxItems").asInt();
            if (most > 0) {
                List<JsonNode> items = Collections.nCopies(most + 1, values.least("", item));
                beyond.add(items.toString());
            }
        }
        return beyond;
    }
}
