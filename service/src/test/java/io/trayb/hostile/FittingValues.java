package io.trayb.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.curiousoddman.rgxgen.RgxGen;
import io.trayb.openapi.ApiContract;
import io.trayb.testing.ServiceClient;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Values as a schema of the description wants them, and at its limits rather than amid them. The same seed makes the same ones. For
 * one thread.
 */
final class FittingValues {
    /** What the description says in words, since no schema can: taken from its examples. */
    private static final Map<String, List<String>> IN_WORDS = Map.of(
            "cron", List.of("0 3 * * *", "*/15 0-5 1,15 jan-mar mon"),
            "timeZone", List.of("UTC", "Europe/Vienna"),
            "If-Match", List.of("*", "\"a\""),
            "If-None-Match", List.of("*", "\"a\"", "W/\"a\", \"b\""));

    /** Takes as long as it says, when there is nothing to do. */
    private static final Set<String> WAITED_FOR = Set.of("waitMs", "timeoutMs");

    private static final List<String> CHARACTERS =
            List.of("a", "Z", "0", " ", "\"", "\\", "'", "<", "%", "\n", "\u00fc", "\u202e", "\u2028", "\ud83d\ude00");
    private static final int A_FEW = 3;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ApiContract contract;
    private final Random random;
    private final Map<String, RgxGen> patterns = new HashMap<>();

    FittingValues(ApiContract contract, Random random) {
        this.contract = contract;
        this.random = random;
    }

    /** With what needn't be there at random. */
    JsonNode any(String name, JsonNode schema) {
        return of(name, schema, false);
    }

    /** With what must be there, and nothing that is {@code null}. */
    JsonNode least(String name, JsonNode schema) {
        return of(name, schema, true);
    }

    private JsonNode of(String name, JsonNode described, boolean least) {
        JsonNode schema = contract.resolved(described);
        List<String> types = types(schema);
        if (!least && types.contains("null") && oneIn(6)) {
            return JSON.nullNode();
        }
        if (schema.has("enum")) {
            List<JsonNode> values = new ArrayList<>();
            schema.path("enum").forEach(value -> {
                if (!value.isNull()) {
                    values.add(value);
                }
            });
            return any(values);
        }
        return switch (types.isEmpty() ? "" : types.get(0)) {
            case "object" -> object(schema, least);
            case "array" -> array(name, schema, least);
            case "integer" -> JSON.numberNode(whole(name, schema));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "string" -> JSON.textNode(text(name, schema));
            case "" -> ServiceClient.parse(any(List.of("null", "[1.50,{\"\\u00fc\":[]}]", "\"x\"", "0", "{\"a\":{}}")));
            default -> throw new AssertionError(name + " is of a type that is new here: " + schema);
        };
    }

    static List<String> types(JsonNode schema) {
        List<String> types = new ArrayList<>();
        (schema.path("type").isArray() ? schema.path("type") : List.of(schema.path("type")))
                .forEach(type -> types.add(type.asText()));
        types.remove("");
        return types;
    }

    private ObjectNode object(JsonNode schema, boolean least) {
        ObjectNode object = JSON.objectNode();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(field -> required.add(field.textValue()));
        schema.path("properties").properties().forEach(field -> {
            if (required.contains(field.getKey()) || (!least && random.nextBoolean())) {
                object.set(field.getKey(), of(field.getKey(), field.getValue(), least));
            }
        });
        return object;
    }

    private ArrayNode array(String name, JsonNode schema, boolean least) {
        int fewest = schema.path("minItems").asInt();
        ArrayNode array = JSON.arrayNode();
        for (int i = least ? fewest : fewest + random.nextInt(A_FEW); i > 0; i--) {
            array.add(of(name, schema.path("items"), least));
        }
        return array;
    }

    private long whole(String name, JsonNode schema) {
        long least = schema.path("minimum").asLong();
        long most = schema.path("maximum").asLong();
        if (WAITED_FOR.contains(name) && least == 0) {
            return least;
        }
        return any(List.of(least, most, Math.min(least + 1, most), Math.max(most - 1, least), (least + most) / 2));
    }

    private String text(String name, JsonNode schema) {
        if (IN_WORDS.containsKey(name)) {
            return any(IN_WORDS.getOrDefault(name, List.of()));
        }
        if (schema.has("pattern")) {
            return matching(schema.path("pattern").textValue());
        }
        if (schema.path("format").asText().equals("date-time")) {
            return time();
        }
        int shortest = schema.path("minLength").asInt();
        int longest = schema.path("maxLength").asInt(shortest + 50);
        StringBuilder text = new StringBuilder();
        for (int i = any(List.of(shortest, longest, (shortest + longest) / 2)); i > 0; i--) {
            text.append(any(CHARACTERS));
        }
        return text.toString();
    }

    /** What is allowed just so: each limit, each of a few, and what is neither. */
    List<JsonNode> atTheLimits(String name, JsonNode schema) {
        List<JsonNode> limits = new ArrayList<>();
        List<String> types = types(schema);
        if (types.contains("null")) {
            limits.add(JSON.nullNode());
        }
        if (types.contains("boolean")) {
            limits.addAll(List.of(JSON.booleanNode(true), JSON.booleanNode(false)));
        }
        if (types.contains("integer")) {
            limits.add(JSON.numberNode(schema.path("minimum").asLong()));
            if (!WAITED_FOR.contains(name)) {
                limits.add(JSON.numberNode(schema.path("maximum").asLong()));
            }
        }
        if (types.contains("array")) {
            for (String limit : List.of("minItems", "maxItems")) {
                ArrayNode array = JSON.arrayNode();
                for (int i = schema.path(limit).asInt(); i > 0; i--) {
                    array.add(least(name, schema.path("items")));
                }
                limits.add(array);
            }
        }
        if (schema.has("enum")) {
            schema.path("enum").forEach(limits::add);
        } else if (types.contains("string")) {
            textsAtTheLimits(name, schema).forEach(text -> limits.add(JSON.textNode(text)));
        }
        return limits;
    }

    private List<String> textsAtTheLimits(String name, JsonNode schema) {
        if (schema.has("pattern")) {
            String pattern = schema.path("pattern").textValue();
            return List.of(generated(shortest(pattern)), generated(longest(pattern)));
        }
        if (IN_WORDS.containsKey(name)) {
            return IN_WORDS.getOrDefault(name, List.of());
        }
        return schema.has("maxLength")
                ? List.of(
                        "x".repeat(schema.path("minLength").asInt()),
                        "x".repeat(schema.path("maxLength").asInt()),
                        // Characters are counted, and not what they take.
                        "\ud83d\ude00".repeat(schema.path("maxLength").asInt()))
                : List.of(text(name, schema));
    }

    private static String shortest(String pattern) {
        return pattern.replaceAll("\\{(\\d+),(\\d+)}", "{$1}");
    }

    private static String longest(String pattern) {
        return pattern.replaceAll("\\{(\\d+),(\\d+)}", "{$2}");
    }

    private String generated(String pattern) {
        return patterns.computeIfAbsent(pattern, RgxGen::parse).generate(random);
    }

    /** As long or as short as the pattern allows, or anything between. */
    String matching(String pattern) {
        return generated(any(List.of(shortest(pattern), longest(pattern), pattern)));
    }

    /** To come, within a year: that much is said in words. */
    private String time() {
        Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS).plus(1 + random.nextInt(300), ChronoUnit.DAYS);
        return switch (random.nextInt(4)) {
            case 0 ->
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        time.atOffset(ZoneOffset.ofHoursMinutes(5, 45)).withSecond(7));
            case 1 -> time.truncatedTo(ChronoUnit.SECONDS).toString();
            case 2 -> time.toString().replace("Z", "-00:30");
            default -> time.plusNanos(123_456_789).toString();
        };
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
