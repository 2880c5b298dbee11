package io.trayb.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client has to know of one call, beside what the resource says itself. Immutable; {@link #describe} begins one.
 *
 * @param route method and path, such as {@code GET /api/v1/jobs/{id}}
 * @param id the name that generated clients give their method
 * @param tag which part of the API it belongs to
 * @param summary what it does, in one line
 * @param details more than that; empty if there is nothing more
 * @param body what it takes; null if it takes nothing
 * @param answers what it answers if all is well
 * @param refusals why it may refuse, by status, where there is more to say than for all calls
 * @param ticket whether a ticket will do in the place of a key
 */
public record Operation(
        String route,
        String id,
        String tag,
        String summary,
        String details,
        List<Argument> arguments,
        @Nullable Schema body,
        List<Answer> answers,
        Map<Integer, String> refusals,
        boolean ticket) {

    public Operation {
        arguments = List.copyOf(arguments);
        answers = List.copyOf(answers);
        refusals = Map.copyOf(refusals);
        if (summary.isBlank() || answers.isEmpty()) {
            throw new IllegalArgumentException(route + " must have a summary and an answer");
        }
    }

    /** Where an argument goes. */
    enum Place {
        PATH("path"),
        QUERY("query"),
        HEADER("header");

        private final String wireName;

        Place(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /**
     * A parameter.
     *
     * @param schema of its value; of a list, it may be there more than once
     */
    record Argument(Place place, String name, boolean required, Schema schema, String description) {}

    /**
     * One way to be answered.
     *
     * @param schema of its body; null if it has none
     * @param headers those that it has beside the usual ones, with what they say
     */
    record Answer(
            int status, String mediaType, @Nullable Schema schema, String description, Map<String, String> headers) {
        Answer {
            headers = new TreeMap<>(headers);
        }
    }

    /** Begins a description; the method and path must be those of a call that is served. */
    public static Builder describe(String route, String id, String tag, String summary) {
        return new Builder(route, id, tag, summary);
    }

    /** Gathers a description. For one thread. */
    public static final class Builder {
        private static final String JSON = "application/json";

        private final String route;
        private final String id;
        private final String tag;
        private final String summary;
        private final List<Argument> arguments = new ArrayList<>();
        private final List<Answer> answers = new ArrayList<>();
        private final Map<Integer, String> refusals = new TreeMap<>();
        private String details = "";
        private @Nullable Schema body;
        private boolean ticket;

        private Builder(String route, String id, String tag, String summary) {
            this.route = route;
            this.id = id;
            this.tag = tag;
            this.summary = summary;
        }

        /** More than fits into the summary. */
        public Builder details(String text) {
            details = text;
            return this;
        }

        /** A ticket will do in the place of a key. */
        public Builder ticket() {
            ticket = true;
            return this;
        }

        public Builder path(String name, Schema schema, String description) {
            return argument(Place.PATH, name, true, schema, description);
        }

        public Builder query(String name, Schema schema, String description) {
            return argument(Place.QUERY, name, false, schema, description);
        }

        public Builder header(String name, Schema schema, String description) {
            return argument(Place.HEADER, name, false, schema, description);
        }

        private Builder argument(Place place, String name, boolean required, Schema schema, String description) {
            arguments.add(new Argument(place, name, required, schema, description));
            return this;
        }

        public Builder takes(Schema schema) {
            body = schema;
            return this;
        }

        /** It answers with JSON. */
        public Builder answers(int status, Schema schema, String description) {
            return answers(status, JSON, schema, description, Map.of());
        }

        /** It answers with JSON, and with headers that say something; each with what it says. */
        public Builder answers(int status, Schema schema, String description, Map<String, String> headers) {
            return answers(status, JSON, schema, description, headers);
        }

        public Builder answers(
                int status, String mediaType, Schema schema, String description, Map<String, String> headers) {
            answers.add(new Answer(status, mediaType, schema, description, headers));
            return this;
        }

        /** It answers without a body. */
        public Builder answersNothing(int status, String description) {
            answers.add(new Answer(status, JSON, null, description, Map.of()));
            return this;
        }

        /** It may refuse, for a reason of its own. */
        public Builder refuses(int status, String description) {
            refusals.put(status, description);
            return this;
        }

        public Operation build() {
            return new Operation(route, id, tag, summary, details, arguments, body, answers, refusals, ticket);
        }
    }
}
