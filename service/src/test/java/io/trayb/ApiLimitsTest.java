package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import io.trayb.openapi.Example;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.ServiceClient.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the description says of each field and parameter, asked of the service: values at a limit are let through, values beyond it are
 * refused by the field's name, and there are no fields but those that are described.
 */
class ApiLimitsTest {
    private static final ApiContract CONTRACT = ApiContract.committed();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern KNOWN = Pattern.compile("known (?:are|is) ([A-Za-z, ]+)");
    private static final String UNKNOWN = "surelyUnknown";
    private static final Map<String, String> EXCLUDED_BY =
            Map.of("delayMs", "runAt", "runAt", "delayMs", "cron", "intervalMs", "intervalMs", "cron");
    /** Must be as in the path, if it is there at all. */
    private static final String NAME_OF_REPLACED = "PUT /api/v1/schedules/{name} name";
    /** Waits as long as it says. */
    private static final Set<String> WAITED_FOR = Set.of("waitMs", "timeoutMs");

    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private static String key = "";

    @BeforeAll
    static void make_a_key() {
        key = TestKeys.create(service.database(), "admin", "*", EnumSet.allOf(Scope.class));
        await().until(() -> service.client().get("/queues").status() == 401);
    }

    private static ServiceClient client() {
        return service.client().with(key);
    }

    /** A value, and whether it is allowed. */
    private record Probe(JsonNode value, boolean allowed) {}

    @TestFactory
    Stream<DynamicTest> bodies() {
        return CONTRACT.operations().values().stream()
                .filter(call -> !call.body().isMissingNode())
                .flatMap(call -> {
                    ObjectNode base = base(call);
                    JsonNode schema = CONTRACT.resolved(call.body());
                    List<DynamicTest> tests = new ArrayList<>();
                    tests.add(DynamicTest.dynamicTest(
                            name(call) + " knows these fields and no others", () -> requireKnown(call, base, schema)));
                    schema.path("properties").properties().stream()
                            .filter(field -> !NAME_OF_REPLACED.equals(name(call) + " " + field.getKey()))
                            .forEach(field -> tests.add(DynamicTest.dynamicTest(
                                    name(call) + " " + field.getKey(),
                                    () -> probeField(call, base, field.getKey(), field.getValue()))));
                    return tests.stream();
                });
    }

    @TestFactory
    Stream<DynamicTest> queries() {
        return CONTRACT.operations().values().stream()
                .filter(call -> call.method().equals("GET"))
                .flatMap(call -> call.operation()
                        .path("parameters")
                        .valueStream()
                        .filter(parameter -> parameter.path("in").asText().equals("query"))
                        .filter(parameter -> !parameter.path("name").asText().equals("ticket"))
                        .map(parameter -> DynamicTest.dynamicTest(
                                name(call) + " " + parameter.path("name").asText(),
                                () -> probeQuery(call, parameter))));
    }

    private static String name(Described call) {
        return call.method() + " " + call.path();
    }

    /** A body that is good, from the operation's examples. */
    private static ObjectNode base(Described call) {
        String id = call.operation().path("operationId").asText();
        Optional<JsonNode> body = ApiDescription.document().examples().stream()
                .filter(example -> example.operation().equals(id))
                .filter(example -> example.status() < 300)
                .map(Example::body)
                .filter(JsonNode.class::isInstance)
                .findFirst();
        return body.orElseThrow().deepCopy();
    }

    private static Answer send(Described call, JsonNode body) {
        String path = call.path()
                .substring("/api/v1".length())
                .replace("{id}", "01a1c6d0-4f40-7a31-9c55-2f6d0e8b7a10")
                .replace("{queue}", "limits")
                .replace("{name}", "new-year");
        return client().call(call.method(), path, body.toString());
    }

    private static void requireKnown(Described call, ObjectNode base, JsonNode schema) {
        Answer answer = send(call, base.deepCopy().put(UNKNOWN, 1));
        Set<String> described = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(described::add);
        assertThat(answer.wrongFields()).containsExactly(UNKNOWN);
        Matcher known = KNOWN.matcher(
                answer.problem(400).path("errors").path(0).path("message").asText());
        if (known.find()) {
            assertThat(new TreeSet<>(List.of(known.group(1).split(", ", -1)))).isEqualTo(described);
        }
        for (JsonNode required : schema.path("required")) {
            ObjectNode without = base.deepCopy();
            without.remove(required.textValue());
            assertThat(send(call, without).wrongFields())
                    .as("without %s", required)
                    .contains(required.textValue());
        }
    }

    private static void probeField(Described call, ObjectNode base, String field, JsonNode schema) {
        for (Probe probe :
                probes(schema, WAITED_FOR.contains(field) && call.path().endsWith("/leases"))) {
            ObjectNode body = base.deepCopy();
            body.set(field, probe.value());
            String other = EXCLUDED_BY.get(field);
            if (other != null) {
                if (probe.value().isNull()) {
                    // Whether it may be null depends on the other one.
                    continue;
                }
                body.remove(other);
            }
            Answer answer = send(call, body);
            boolean refused =
                    answer.status() == 400 && answer.wrongFields().stream().anyMatch(wrong -> wrong.startsWith(field));
            assertThat(refused)
                    .as("%s: %s %s", shortened(probe.value()), answer.status(), answer.body())
                    .isEqualTo(!probe.allowed());
        }
    }

    private static void probeQuery(Described call, JsonNode parameter) {
        String name = parameter.path("name").asText();
        JsonNode schema = parameter.path("schema");
        boolean list = schema.path("type").asText().equals("array");
        for (Probe probe : probes(list ? schema.path("items") : schema, WAITED_FOR.contains(name))) {
            if (!probe.value().isTextual() && !probe.value().isNumber()) {
                continue;
            }
            Map<String, String> query = new LinkedHashMap<>();
            if (call.path().contains("/events")) {
                query.put("topic", "jobs");
                query.put("timeoutMs", "0");
            }
            query.put(name, probe.value().asText());
            if (call.path().endsWith("/events")) {
                query.remove("timeoutMs");
                if (probe.allowed()) {
                    // A stream that doesn't end; the poll takes the same.
                    continue;
                }
            }
            String text = query.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                    .reduce((a, b) -> a + "&" + b)
                    .orElseThrow();
            Answer answer = client().get(call.path().substring("/api/v1".length()) + "?" + text);
            boolean refused = answer.status() == 400 && answer.wrongFields().contains(name);
            assertThat(refused)
                    .as("%s: %s %s", text, answer.status(), answer.body())
                    .isEqualTo(!probe.allowed());
        }
        assertThat(client().get(call.path().substring("/api/v1".length()) + "?" + UNKNOWN + "=1")
                        .wrongFields())
                .contains(UNKNOWN);
    }

    /** Values at each limit and beyond it. */
    private static List<Probe> probes(JsonNode schema, boolean waits) {
        List<Probe> probes = new ArrayList<>();
        Set<String> types = new TreeSet<>();
        (schema.path("type").isArray() ? schema.path("type") : List.of(schema.path("type")))
                .forEach(type -> types.add(type.asText()));
        if (types.contains("integer")) {
            long least = schema.path("minimum").asLong();
            long most = schema.path("maximum").asLong();
            probes.add(new Probe(NODES.numberNode(least), true));
            probes.add(new Probe(NODES.numberNode(least - 1), false));
            probes.add(new Probe(NODES.numberNode(most + 1), false));
            probes.add(new Probe(NODES.textNode("many"), false));
            if (!waits) {
                probes.add(new Probe(NODES.numberNode(most), true));
            }
        }
        if (types.contains("boolean")) {
            probes.add(new Probe(NODES.booleanNode(true), true));
            probes.add(new Probe(NODES.textNode("yes"), false));
        }
        if (types.contains("string")) {
            addTexts(schema, probes);
        }
        if (types.contains("null")) {
            probes.add(new Probe(NODES.nullNode(), true));
        }
        return probes;
    }

    private static void addTexts(JsonNode schema, List<Probe> probes) {
        probes.add(new Probe(NODES.objectNode(), false));
        if (schema.has("enum")) {
            schema.path("enum").forEach(value -> {
                if (value.isTextual()) {
                    probes.add(new Probe(value, true));
                }
            });
            probes.add(new Probe(NODES.textNode("none-of-them"), false));
        }
        if (schema.has("pattern")) {
            Pattern pattern = Pattern.compile(schema.path("pattern").asText());
            for (String text : List.of(
                    "",
                    " ",
                    "a",
                    "x".repeat(64),
                    "x".repeat(65),
                    "x".repeat(100),
                    "x".repeat(101),
                    "x".repeat(200),
                    "x".repeat(201),
                    "UPPER",
                    "a.b_c-d",
                    "a:b",
                    "a b",
                    "ü",
                    "-",
                    "jobs",
                    "queue:",
                    "queue:a",
                    "01a1c6d0-4f40-7a31-9c55-2f6d0e8b7a10",
                    "7f3a9c20d4e1b865-1-0",
                    "7f3a9c20d4e1b865-01-0")) {
                probes.add(new Probe(NODES.textNode(text), pattern.matcher(text).find()));
            }
        }
        if (schema.path("maxLength").asInt() > 0) {
            probes.add(new Probe(
                    NODES.textNode("x".repeat(schema.path("maxLength").asInt() + 1)), false));
        }
        if (schema.path("format").asText().equals("date-time")) {
            probes.add(new Probe(NODES.textNode("yesterday"), false));
            probes.add(new Probe(NODES.textNode("2026-11-28"), false));
        }
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() < 120 ? text : text.substring(0, 120) + "…";
    }
}
