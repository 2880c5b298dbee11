package io.trayb.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import io.trayb.testing.ServiceClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Requests that are right by the description, made from nothing else than it and what there is. For one thread. */
final class FittingRequests {
    /**
     * What there is.
     *
     * @param jobs ids of waiting ones
     * @param held ids and tokens of those that a worker holds; taken when they are used
     * @param schedule a name
     * @param key a name
     * @param cursor a place in the log of events
     */
    record Things(
            List<String> jobs, Deque<Map.Entry<String, String>> held, String schedule, String key, String cursor) {}

    /** A queue that there is. */
    static final String QUEUE = "mail";

    private static final String TOKEN = "leaseToken";
    private static final String CRON = "cron";
    private static final String INTERVAL = "intervalMs";
    private static final String RUN_AT = "runAt";

    private final ApiContract contract;
    private final FittingValues values;
    private final Things things;

    FittingRequests(ApiContract contract, Random random, Things things) {
        this.contract = contract;
        this.values = new FittingValues(contract, random);
        this.things = new Things(
                things.jobs(), new ArrayDeque<>(things.held()), things.schedule(), things.key(), things.cursor());
    }

    FittingValues values() {
        return values;
    }

    /** One with what needn't be there at random. */
    DescribedRequest any(Described call) {
        return of(call, false);
    }

    /** One with what must be there. */
    DescribedRequest least(Described call) {
        return of(call, true);
    }

    private DescribedRequest of(Described call, boolean least) {
        DescribedRequest request = new DescribedRequest(call);
        for (JsonNode parameter : call.operation().path("parameters")) {
            addParameter(request, parameter, least);
        }
        if (!call.body().isMissingNode()) {
            ObjectNode body = (ObjectNode) (least ? values.least("", call.body()) : values.any("", call.body()));
            settle(call, body, least);
            request.setBody(body.toString());
        }
        return request;
    }

    private void addParameter(DescribedRequest request, JsonNode parameter, boolean least) {
        String name = parameter.path("name").asText();
        // A ticket is for those who have no key; that a topic is needed without one is said in words.
        boolean needed = parameter.path("required").asBoolean() || name.equals("topic");
        if (name.equals("ticket") || (!needed && (least || values.any(List.of(true, false))))) {
            // Else a poll waits.
            if (name.equals("timeoutMs")) {
                request.query.add(Map.entry(name, "0"));
            }
            return;
        }
        switch (parameter.path("in").asText()) {
            case "path" -> request.path.put(name, DescribedRequest.encoded(pathValue(request.call, name, parameter)));
            case "query" -> {
                JsonNode value = value(name, parameter);
                (value.isArray() ? value : List.of(value))
                        .forEach(each -> request.query.add(Map.entry(name, DescribedRequest.encoded(each.asText()))));
            }
            default ->
                request.headers.add(Map.entry(
                        name,
                        value(name, parameter)
                                .asText()
                                .replaceAll("[^\\x20-\\x7e]", "?")
                                .strip()));
        }
    }

    private JsonNode value(String name, JsonNode parameter) {
        // Opaque: none that nobody has given out is promised anything.
        return List.of("after", "Last-Event-ID").contains(name)
                ? JsonNodeFactory.instance.textNode(things.cursor())
                : values.least(name, parameter.path("schema"));
    }

    private String pathValue(Described call, String name, JsonNode parameter) {
        return switch (name) {
            case "id" -> values.any(things.jobs());
            case "name" -> call.path().contains("/schedules/") ? things.schedule() : things.key();
            default ->
                values.any(List.of(
                        QUEUE, values.least(name, parameter.path("schema")).asText()));
        };
    }

    /** What the description says in words: of two fields one at most, or just one. */
    private void settle(Described call, ObjectNode body, boolean least) {
        if (body.hasNonNull(RUN_AT) && body.hasNonNull("delayMs")) {
            body.remove(values.any(List.of(RUN_AT, "delayMs")));
        }
        body.path("jobs").forEach(job -> settle(call, (ObjectNode) job, least));
        if (contract.resolved(call.body()).path("properties").has(CRON)) {
            if (body.hasNonNull(CRON)) {
                body.remove(INTERVAL);
            } else if (!body.hasNonNull(INTERVAL)) {
                body.put(INTERVAL, 60_000);
            }
            if (call.path().contains("{name}")) {
                body.remove("name");
            }
        }
    }

    /** The same request about a job that is held, with its token; for those that say how it goes. */
    void hold(DescribedRequest request) {
        Map.Entry<String, String> lease = things.held().poll();
        byte[] sent = request.body();
        if (lease != null && sent != null) {
            ObjectNode body = (ObjectNode) ServiceClient.parse(new String(sent, StandardCharsets.UTF_8));
            body.put(TOKEN, lease.getValue());
            request.path.put("id", lease.getKey());
            request.setBody(body.toString());
        }
    }

    static boolean isOfAHeldJob(Described call) {
        return call.path().matches(".*/(heartbeat|complete|fail)");
    }
}
