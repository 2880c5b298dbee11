package io.trayb.events;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import io.trayb.keys.Caller;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/events/tickets}: tickets for browsers. Thread-safe. */
@Path("/v1/events/tickets")
@Produces(MediaType.APPLICATION_JSON)
public final class TicketResource {
    private static final String TOPICS = "topics";

    private final Tickets tickets;

    TicketResource(Tickets tickets) {
        this.tickets = Objects.requireNonNull(tickets, "tickets");
    }

    /** Issues one. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Scope.READ)
    public Response issue(@Nullable JsonNode body, @Context HttpServletRequest request) {
        Caller caller = Caller.of(request);
        Set<String> topics = topics(body);
        Topics.requireSeen(topics, caller);
        Tickets.Issued issued = tickets.issue(new Ticket(caller.name(), topics));
        return Response.status(Response.Status.CREATED)
                .entity(issued)
                .header("Cache-Control", "no-store")
                .build();
    }

    static Set<String> topics(@Nullable JsonNode body) {
        ValidationErrors errors = new ValidationErrors();
        Set<String> topics = new LinkedHashSet<>();
        if (body == null || !body.isObject()) {
            errors.add("body", body, "must be a JSON object");
        } else {
            body.fieldNames()
                    .forEachRemaining(name -> errors.check(
                            name.equals(TOPICS), name, body.get(name), "is not known; known is " + TOPICS));
            read(body.get(TOPICS), topics, errors);
        }
        errors.throwIfAny();
        return topics;
    }

    private static void read(@Nullable JsonNode node, Set<String> topics, ValidationErrors errors) {
        if (node == null || !node.isArray() || node.isEmpty() || node.size() > Subscription.MAX_TOPICS) {
            errors.add(TOPICS, node, "must be an array of 1 to " + Subscription.MAX_TOPICS + " topics: " + Topics.FORM);
            return;
        }
        for (int i = 0; i < node.size(); i++) {
            JsonNode topic = node.get(i);
            if (topic.isTextual() && Topics.isValid(topic.textValue())) {
                topics.add(topic.textValue());
            } else {
                errors.add(TOPICS + "[" + i + "]", topic, "must be " + Topics.FORM);
            }
        }
    }
}
