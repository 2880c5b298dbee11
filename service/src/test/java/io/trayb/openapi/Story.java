package io.trayb.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.http.Timestamps;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares answers with what examples say, and learns from them: an id, a token or a cursor is another one each time, and what the
 * examples call it is from then on what was answered. For one thread.
 */
public final class Story {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ID = Pattern.compile(
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16}-\\d+-\\d+|lease-\\d+");
    private static final Set<String> OTHER_EACH_TIME = Set.of("id", "key", "ticket", "version");
    private static final Set<String> MEASURED =
            Set.of("uptimeMs", "latencyMs", "delayMs", "heapUsed", "requests", "durationMs");
    /** Shorter than that, it may be part of another word. */
    private static final int UNMISTAKABLE = 16;

    private final Map<String, String> learned = new HashMap<>();

    /** What an example's text is now. */
    public String now(String text) {
        String whole = learned.get(text);
        if (whole != null) {
            return whole;
        }
        String result = text;
        for (Map.Entry<String, String> known : learned.entrySet()) {
            if (known.getKey().length() >= UNMISTAKABLE) {
                result = result.replace(known.getKey(), known.getValue());
            }
        }
        return result;
    }

    /** What an example's value is now. */
    public JsonNode now(JsonNode value) {
        if (value.isTextual()) {
            return JsonNodeFactory.instance.textNode(now(value.textValue()));
        }
        if (value instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(field -> copy.set(field.getKey(), now(field.getValue())));
            return copy;
        }
        if (value instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> copy.add(now(element)));
            return copy;
        }
        return value;
    }

    /** Notes what a text of an example turned out to be. */
    public void learn(String example, String actual) {
        learned.put(example, actual);
    }

    /** Holds that an answer is what the example says, but for what is another one each time. */
    public void requireSame(String path, JsonNode example, JsonNode actual) {
        if (example.isObject() && actual.isObject()) {
            assertThat(names(actual)).as(path).isEqualTo(names(example));
            example.properties()
                    .forEach(field ->
                            requireSame(path + "." + field.getKey(), field.getValue(), actual.get(field.getKey())));
        } else if (example.isArray() && actual.isArray()) {
            assertThat(actual.size()).as(path + " " + actual).isEqualTo(example.size());
            for (int i = 0; i < example.size(); i++) {
                requireSame(path + "." + i, example.get(i), actual.get(i));
            }
        } else if (isAnother(path.substring(path.lastIndexOf('.') + 1), example, actual)) {
            if (example.isTextual() && actual.isTextual()) {
                String known = learned.get(example.textValue());
                if (known != null && !isTime(known)) {
                    assertThat(actual.textValue()).as(path).isEqualTo(known);
                }
                learn(example.textValue(), actual.textValue());
            }
        } else {
            assertThat(actual).as(path).isEqualTo(now(example));
        }
    }

    /** The same for the beginning of an event stream; {@code retry} may come anywhere between its blocks. */
    public void requireSameBlocks(String example, String actual) {
        List<String> said = blocks(example);
        List<String> got = blocks(actual);
        assertThat(got).as(actual).hasSize(said.size());
        for (int i = 0; i < said.size(); i++) {
            String[] lines = said.get(i).split("\n", -1);
            String[] gotLines = got.get(i).split("\n", -1);
            assertThat(gotLines.length).as("%s for %s", got.get(i), said.get(i)).isEqualTo(lines.length);
            for (int j = 0; j < lines.length; j++) {
                requireSameLine(lines[j], gotLines[j]);
            }
        }
    }

    /** The whole blocks of a stream, but for those that say when to come back. */
    public static List<String> blocks(String stream) {
        String[] blocks = stream.split("\n\n", -1);
        return Arrays.stream(blocks)
                .limit(blocks.length - 1L)
                .filter(block -> !block.startsWith("retry: "))
                .toList();
    }

    private void requireSameLine(String example, String actual) {
        int colon = example.indexOf(": ");
        String field = example.substring(0, colon);
        assertThat(actual).startsWith(field + ": ");
        String said = example.substring(colon + 2);
        String got = actual.substring(colon + 2);
        if (field.equals("data")) {
            requireSame("data", parse(said), parse(got));
        } else {
            requireSame(field, JsonNodeFactory.instance.textNode(said), JsonNodeFactory.instance.textNode(got));
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text + " is no JSON", e);
        }
    }

    private static boolean isAnother(String name, JsonNode example, JsonNode actual) {
        if (name.equals("lastUsedAt") && (example.isNull() || actual.isNull())) {
            // Written now and then.
            return true;
        }
        if (example.isNumber() && actual.isNumber()) {
            return MEASURED.contains(name);
        }
        if (!example.isTextual() || !actual.isTextual()) {
            return false;
        }
        String said = example.textValue();
        String got = actual.textValue();
        return OTHER_EACH_TIME.contains(name)
                || (isTime(said) && isTime(got))
                || (ID.matcher(said).matches() && ID.matcher(got).matches());
    }

    private static boolean isTime(String text) {
        try {
            return text.equals(Timestamps.format(Instant.parse(text)));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
