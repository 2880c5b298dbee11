package io.trayb.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every field of a body, at each limit and wrong in every way, one at a time. Whether a value is wrong at all is asked of the schema, by a validator that
 * others wrote; what the schema can't say, and the description says in words, is known here. For one thread.
 */
final class BentBodies {
    /** Stands for what is put in as text. */
    private static final String HERE = "\"@@here@@\"";

    private static final String UNKNOWN = "surelyUnknown";

    /** Whole numbers are written without fraction and exponent; to a schema, 5.0 is one too. */
    private static final Pattern WRITTEN_AS_NO_WHOLE_NUMBER = Pattern.compile("-?[0-9]+[.eE].*");

    /** What failed is kept as far as it can be. */
    private static final Set<String> KEPT_WITHOUT = Set.of("error");

    /** One of them is there. */
    private static final Set<String> TIMINGS = Set.of("cron", "intervalMs");

    private static final ObjectMapper LENIENT = new ObjectMapper();

    private final ApiContract contract;
    private final FittingRequests fitting;
    private final List<Probe> probes = new ArrayList<>();

    BentBodies(ApiContract contract, FittingRequests fitting) {
        this.contract = contract;
        this.fitting = fitting;
    }

    /** A place in a body: its path in refusals, and how the tree gets there. */
    private record Place(String path, String name, JsonNode schema, List<Object> steps) {
        Place field(String field, JsonNode of) {
            return then(path.isEmpty() ? field : path + "." + field, field, of, field);
        }

        Place item(JsonNode of) {
            return then(path + "[0]", name, of, 0);
        }

        private Place then(String newPath, String newName, JsonNode of, Object step) {
            List<Object> all = new ArrayList<>(steps);
            all.add(step);
            return new Place(newPath, newName, of, all);
        }
    }

    List<Probe> all(Described call) {
        bend(call, new Place("", "", contract.resolved(call.body()), List.of()));
        return probes;
    }

    private void bend(Described call, Place place) {
        JsonNode schema = place.schema();
        schema.path("properties").properties().forEach(field -> {
            Place within = place.field(field.getKey(), contract.resolved(field.getValue()));
            bendValue(call, within);
            bend(call, within);
        });
        if (schema.has("properties")) {
            bendObject(call, place);
        }
        if (schema.has("items")) {
            Place within = place.item(contract.resolved(schema.path("items")));
            bendValue(call, within);
            bend(call, within);
        }
    }

    private void bendValue(Described call, Place place) {
        // Of these, whether they may be null depends on the other one; and the name is that in the path.
        boolean depends = TIMINGS.contains(place.name())
                || (place.path().equals("name") && call.path().contains("{name}"));
        for (JsonNode value : fitting.values().atTheLimits(place.name(), place.schema())) {
            if (!depends || (!value.isNull() && TIMINGS.contains(place.name()))) {
                allow(call, place, value);
            }
        }
        for (String raw : BentValues.all()) {
            addIfWrong(call, place, raw);
        }
        BentValues.beyond(place.schema(), fitting.values()).forEach(raw -> addIfWrong(call, place, raw));
        if (!KEPT_WITHOUT.contains(place.name())) {
            BentValues.UNKEPT.forEach(raw -> add(call, place, raw, place.path()));
        }
        BentValues.UNREADABLE.forEach(raw -> add(call, place, raw, null));
    }

    private void bendObject(Described call, Place place) {
        change(call, place, object -> object.put(UNKNOWN, 1), "with a field that there isn't", UNKNOWN);
        place.schema()
                .path("required")
                .forEach(required -> change(
                        call,
                        place,
                        object -> object.remove(required.textValue()),
                        "without " + required.textValue(),
                        required.textValue()));
        String first = place.schema().path("properties").fieldNames().next();
        change(
                call,
                place,
                object -> object.set(first, JsonNodeFactory.instance.textNode("@@here@@")),
                "with " + first + " twice",
                null);
    }

    private void change(Described call, Place place, Consumer<ObjectNode> change, String what, @Nullable String field) {
        DescribedRequest request = fitting.least(call);
        JsonNode body = tree(request);
        ObjectNode object = (ObjectNode) at(body, place.steps());
        change.accept(object);
        String path = field == null ? null : place.path().isEmpty() ? field : place.path() + "." + field;
        String first = place.schema().path("properties").fieldNames().next();
        request.setBody(body.toString().replace(HERE, "null,\"" + first + "\":null"));
        Set<String> known = new TreeSet<>();
        if (UNKNOWN.equals(path)) {
            place.schema().path("properties").fieldNames().forEachRemaining(known::add);
        }
        probes.add(new Probe(request, "body " + place.path() + " " + what, false, path, known));
    }

    private void addIfWrong(Described call, Place place, String raw) {
        List<String> types = FittingValues.types(place.schema());
        boolean noWholeNumber = !types.isEmpty()
                && !types.contains("number")
                && WRITTEN_AS_NO_WHOLE_NUMBER.matcher(raw).matches();
        if (noWholeNumber || !contract.faults(place.schema(), read(raw)).isEmpty()) {
            add(call, place, raw, place.path());
        }
    }

    private void allow(Described call, Place place, JsonNode value) {
        probes.add(Probe.allowed(with(call, place, value.toString()), shown(place, value.toString())));
    }

    private void add(Described call, Place place, String raw, @Nullable String field) {
        probes.add(Probe.wrong(with(call, place, raw), shown(place, raw), field));
    }

    private static String shown(Place place, String raw) {
        return "body " + place.path() + ": "
                + (raw.length() < 80 ? raw : raw.substring(0, 80) + "… (" + raw.length() + ")");
    }

    private DescribedRequest with(Described call, Place place, String raw) {
        DescribedRequest request = fitting.least(call);
        JsonNode body = tree(request);
        Object last = place.steps().get(place.steps().size() - 1);
        JsonNode parent = at(body, place.steps().subList(0, place.steps().size() - 1));
        JsonNode here = JsonNodeFactory.instance.textNode("@@here@@");
        if (last instanceof String name) {
            exclude((ObjectNode) parent, name);
            ((ObjectNode) parent).set(name, here);
        } else {
            ((ArrayNode) parent).removeAll().add(here);
        }
        request.setBody(body.toString().replace(HERE, raw));
        return request;
    }

    /** What may not be there together with what is bent. */
    private static void exclude(ObjectNode object, String name) {
        switch (name) {
            case "cron" -> object.remove("intervalMs");
            case "runAt" -> object.remove("delayMs");
            default -> {
                // Nothing else excludes anything.
            }
        }
    }

    /** What is there, or on the way to it; lists that needn't be there are made. */
    private static JsonNode at(JsonNode body, List<Object> steps) {
        JsonNode node = body;
        for (Object step : steps) {
            if (step instanceof String name) {
                ObjectNode object = (ObjectNode) node;
                node = object.has(name) ? object.get(name) : object.putArray(name);
            } else {
                node = node.get(0);
            }
        }
        return node;
    }

    private static JsonNode tree(DescribedRequest request) {
        byte[] body = request.body();
        return read(body == null ? "null" : new String(body, StandardCharsets.UTF_8));
    }

    private static JsonNode read(String json) {
        try {
            return LENIENT.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
