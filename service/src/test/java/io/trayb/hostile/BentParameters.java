package io.trayb.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every parameter of an operation, at each limit and wrong in every way, one at a time. For one thread. */
final class BentParameters {
    private static final String UNKNOWN = "surelyUnknown";
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
    /** Of a schedule or a key; there may be one that is called so. */
    private static final Pattern FREE_NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "x",
            "UPPER",
            "-1",
            "0",
            "1.0",
            "1e2",
            "9223372036854775808",
            "null",
            "*",
            "../..",
            "a/b",
            "a\r\nb",
            "a\u0000b",
            "\u00fc",
            "\u202e",
            "\ud83d\ude00",
            "' or 1=1--",
            "x".repeat(300));
    private static final List<String> NO_ENCODING = List.of("%", "%zz", "%ff", "%c0%80", "%ed%a0%80");

    private final FittingRequests fitting;
    private final ApiContract contract;
    private final List<Probe> probes = new ArrayList<>();

    BentParameters(ApiContract contract, FittingRequests fitting) {
        this.contract = contract;
        this.fitting = fitting;
    }

    List<Probe> all(Described call) {
        boolean takesQuery = false;
        for (JsonNode parameter : call.operation().path("parameters")) {
            String name = parameter.path("name").asText();
            switch (parameter.path("in").asText()) {
                case "query" -> {
                    takesQuery = true;
                    bendQuery(call, name, parameter.path("schema"));
                }
                case "path" -> bendPath(call, name, parameter.path("schema"));
                default -> bendHeader(call, name, parameter.path("schema"));
            }
        }
        if (takesQuery) {
            DescribedRequest request = fitting.least(call);
            request.query.add(Map.entry(UNKNOWN, "1"));
            probes.add(Probe.wrong(request, "query " + UNKNOWN, UNKNOWN));
        }
        return probes;
    }

    private void bendQuery(Described call, String name, JsonNode schema) {
        boolean list = schema.path("type").asText().equals("array");
        JsonNode each = list ? contract.resolved(schema.path("items")) : schema;
        // A ticket of no form is one that nobody has given out: 401, and it isn't said which.
        String named = name.equals("ticket") ? null : name;
        for (String text : texts(each)) {
            if (!fits(each, text)) {
                addQuery(call, name, List.of(DescribedRequest.encoded(text)), named);
            }
        }
        // A cursor is opaque, and a ticket is another way to show who one is.
        if (!List.of("after", "ticket").contains(name)) {
            for (JsonNode value : fitting.values().atTheLimits(name, each)) {
                DescribedRequest request = fitting.least(call);
                request.query.removeIf(parameter -> parameter.getKey().equals(name));
                request.query.add(Map.entry(name, DescribedRequest.encoded(value.asText())));
                probes.add(Probe.allowed(request, "query " + name + " " + shortened(value.asText())));
            }
        }
        NO_ENCODING.forEach(value -> addQuery(call, name, List.of(value), null));
        String right =
                DescribedRequest.encoded(fitting.values().least(name, each).asText());
        if (list) {
            List<String> many = IntStream.rangeClosed(0, schema.path("maxItems").asInt())
                    .mapToObj(i -> "queue%3Aq" + i)
                    .toList();
            addQuery(call, name, many, named);
        } else {
            addQuery(call, name, List.of(right, right), named);
        }
    }

    private void addQuery(Described call, String name, List<String> values, @Nullable String field) {
        DescribedRequest request = fitting.least(call);
        request.query.removeIf(parameter -> parameter.getKey().equals(name));
        values.forEach(value -> request.query.add(Map.entry(name, value)));
        probes.add(Probe.wrong(request, "query " + name + " " + shortened(values.toString()), field));
    }

    /** An id or a name that can't be is one that there isn't; a queue that can't be is refused by its name. */
    private void bendPath(Described call, String name, JsonNode schema) {
        for (String text : texts(schema)) {
            boolean mayBe = schema.has("pattern")
                    ? fits(schema, text)
                    : FREE_NAME.matcher(text).matches();
            if (!text.isEmpty() && !mayBe) {
                addPath(call, name, DescribedRequest.encoded(text));
            }
        }
        NO_ENCODING.forEach(value -> addPath(call, name, value));
    }

    private void addPath(Described call, String name, String value) {
        DescribedRequest request = fitting.least(call);
        request.path.put(name, value);
        probes.add(Probe.wrong(request, "path " + name + " " + shortened(value), null));
    }

    private void bendHeader(Described call, String name, JsonNode schema) {
        if (!schema.has("pattern")) {
            return;
        }
        if (!name.equals("Last-Event-ID")) {
            for (JsonNode value : fitting.values().atTheLimits(name, schema)) {
                DescribedRequest request = fitting.least(call);
                request.headers.add(Map.entry(name, value.asText()));
                probes.add(Probe.allowed(request, "header " + name + " " + shortened(value.asText())));
            }
        }
        for (String text : texts(schema)) {
            String sent = text.replaceAll("[^\\x20-\\x7e]", "?").strip();
            if (!sent.isEmpty() && !fits(schema, sent)) {
                DescribedRequest request = fitting.least(call);
                request.headers.add(Map.entry(name, sent));
                probes.add(Probe.wrong(request, "header " + name + " " + shortened(sent), name));
            }
        }
    }

    private List<String> texts(JsonNode schema) {
        List<String> texts = new ArrayList<>(TEXTS);
        if (schema.has("minimum")) {
            texts.add(Long.toString(schema.path("minimum").asLong() - 1));
            texts.add(Long.toString(schema.path("maximum").asLong() + 1));
        }
        if (schema.has("pattern")) {
            texts.add(fitting.values().matching(schema.path("pattern").textValue()) + "\n");
        }
        return texts;
    }

    private boolean fits(JsonNode schema, String text) {
        boolean whole = FittingValues.types(schema).contains("integer");
        JsonNode value = whole && WHOLE.matcher(text).matches()
                ? JsonNodeFactory.instance.numberNode(new BigInteger(text))
                : JsonNodeFactory.instance.textNode(text);
        return contract.faults(schema, value).isEmpty();
    }

    private static String shortened(String text) {
        return text.length() < 80 ? text : text.substring(0, 80) + "…";
    }
}
