package io.trayb.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.http.Problem;
import io.trayb.openapi.Operation.Answer;
import io.trayb.openapi.Operation.Argument;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes one operation with its examples. For one thread. */
final class OperationWriter {
    /** The name of the security scheme of keys. */
    static final String KEY = "key";

    /** The name of the security scheme of tickets. */
    static final String TICKET = "ticket";

    private static final int KIBI = 1024;

    private final Call call;
    private final Operation operation;
    private final List<Example> examples;
    private final Consumer<Schema> used;

    /**
     * @param examples its own
     * @param used takes each schema that is written
     */
    OperationWriter(Call call, Operation operation, List<Example> examples, Consumer<Schema> used) {
        this.call = call;
        this.operation = operation;
        this.examples = List.copyOf(examples);
        this.used = used;
    }

    void write(ObjectNode node) {
        node.putArray("tags").add(operation.tag());
        node.put("operationId", operation.id());
        node.put("summary", operation.summary());
        if (!operation.details().isEmpty()) {
            node.put("description", operation.details());
        }
        writeSecurity(node);
        if (!operation.arguments().isEmpty()) {
            var parameters = node.putArray("parameters");
            operation.arguments().forEach(argument -> write(argument, parameters.addObject()));
        }
        Schema body = operation.body();
        if (body != null) {
            writeBody(body, node.putObject("requestBody"));
        }
        writeAnswers(node.putObject("responses"));
    }

    private void writeSecurity(ObjectNode node) {
        var either = node.putArray("security");
        if (!call.path().startsWith("/api/")) {
            return;
        }
        var roles = either.addObject().putArray(KEY);
        if (call.scope() != null) {
            roles.add(call.scope());
        }
        if (operation.ticket()) {
            either.addObject().putArray(TICKET);
        }
    }

    private void write(Argument argument, ObjectNode node) {
        node.put("name", argument.name());
        node.put("in", argument.place().wireName());
        node.put("description", argument.description());
        node.put("required", argument.required());
        node.set("schema", written(argument.schema()));
        writeExamples(node, example -> example.arguments().get(argument.name()));
    }

    private void writeBody(Schema schema, ObjectNode node) {
        int kibibytes = call.bodyLimit() / KIBI;
        node.put("description", "At most " + (kibibytes < KIBI ? kibibytes + " KiB" : kibibytes / KIBI + " MiB") + ".");
        node.put("required", true);
        ObjectNode json = node.putObject("content").putObject("application/json");
        json.set("schema", written(schema));
        writeExamples(json, Example::body);
    }

    private void writeAnswers(ObjectNode node) {
        SortedMap<Integer, Consumer<ObjectNode>> answers = new TreeMap<>();
        for (CommonRefusal refusal : CommonRefusal.ALL) {
            if (refusal.appliesTo(call, operation)) {
                answers.put(
                        refusal.status(),
                        hasExample(refusal.status()) ? all -> write(refusal.answer(), all) : refusal::referTo);
            }
        }
        operation.refusals().forEach((status, description) -> {
            Answer refusal = new Answer(status, Problem.MEDIA_TYPE, Problems.PROBLEM, description, Map.of());
            answers.put(status, all -> write(refusal, all));
        });
        operation.answers().forEach(answer -> answers.put(answer.status(), all -> write(answer, all)));
        answers.values().forEach(answer -> answer.accept(node));
    }

    private boolean hasExample(int status) {
        return examples.stream().anyMatch(example -> example.status() == status);
    }

    /** Also for the components that are answers. */
    void write(Answer answer, ObjectNode all) {
        ObjectNode node = all.putObject(Integer.toString(answer.status()));
        writeAnswer(answer, node, used);
        List<Example> shown = examples.stream()
                .filter(example -> example.status() == answer.status())
                .toList();
        if (node.path("headers") instanceof ObjectNode headers) {
            headers.properties().forEach(header -> {
                ObjectNode values = ((ObjectNode) header.getValue()).objectNode();
                shown.stream()
                        .filter(example -> example.headers().containsKey(header.getKey()))
                        .forEach(example -> values.putObject(example.name())
                                .put("value", example.headers().get(header.getKey())));
                if (!values.isEmpty()) {
                    ((ObjectNode) header.getValue()).set("examples", values);
                }
            });
        }
        if (node.path("content").path(answer.mediaType()) instanceof ObjectNode content) {
            writeExamples(content, example -> example.status() == answer.status() ? example.answer() : null);
        }
    }

    /** An answer without examples. */
    static void writeAnswer(Answer answer, ObjectNode node, Consumer<Schema> used) {
        node.put("description", answer.description());
        if (!answer.headers().isEmpty()) {
            ObjectNode headers = node.putObject("headers");
            answer.headers().forEach((name, description) -> {
                ObjectNode header = headers.putObject(name).put("description", description);
                header.set("schema", Schema.text().json());
            });
        }
        Schema schema = answer.schema();
        if (schema != null) {
            used.accept(schema);
            node.putObject("content").putObject(answer.mediaType()).set("schema", schema.json());
        }
    }

    private interface Part {
        @Nullable
        JsonNode of(Example example);
    }

    private void writeExamples(ObjectNode node, Part part) {
        ObjectNode all = node.objectNode();
        for (Example example : examples) {
            JsonNode value = part.of(example);
            if (value != null) {
                all.putObject(example.name()).put("summary", example.summary()).set("value", value);
            }
        }
        if (!all.isEmpty()) {
            node.set("examples", all);
        }
    }

    private ObjectNode written(Schema schema) {
        used.accept(schema);
        return schema.json();
    }
}
