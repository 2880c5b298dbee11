package io.trayb.events;

import io.trayb.http.FieldError;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.keys.Caller;
import io.trayb.keys.Callers;
import io.trayb.keys.Scope;
import io.trayb.monitoring.catalog.RefusedRequests.Reason;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** Who may follow events, by their key or by a ticket, and for whom there is room. Refusals are answered here. Thread-safe. */
final class Admissions {
    private final Tickets tickets;
    private final Callers callers;
    private final ProblemWriter problems;
    private final PlacesPerKey perKey;
    private final RetryDelay whenFull;
    private final EventObserver observer;

    /**
     * @param perKey how many each key may have open
     * @param whenFull when to come back if there is no room
     */
    Admissions(
            Tickets tickets,
            Callers callers,
            ProblemWriter problems,
            PlacesPerKey perKey,
            RetryDelay whenFull,
            EventObserver observer) {
        this.tickets = Objects.requireNonNull(tickets, "tickets");
        this.callers = Objects.requireNonNull(callers, "callers");
        this.problems = Objects.requireNonNull(problems, "problems");
        this.perKey = Objects.requireNonNull(perKey, "perKey");
        this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /**
     * Lets a caller in, on a place of this process and one of its key's, or refuses the request and returns null; then no place is
     * taken. Uses up the ticket, so it comes after all that may refuse the request for another reason; only where the last place
     * of a key goes to another request at the same moment, the ticket is used up and there is none.
     *
     * @param asked the topics that it named; none when they are left to the ticket
     * @param full what to say if all places are taken
     * @throws ProblemException 403 when a topic is a queue that the key can't see
     */
    @Nullable
    Admission admit(
            EventObserver.Kind kind,
            Places places,
            String full,
            HttpServletRequest request,
            @Nullable String ticket,
            List<String> asked,
            HttpServletResponse response)
            throws IOException {
        if (!places.takePlace()) {
            unavailable(kind, response, full);
            return null;
        }
        Admission admitted = null;
        try {
            Admission known = ticket == null ? byKey(request, asked) : byTicket(kind, ticket, asked, response);
            admitted = known == null || isWithinItsLimit(kind, known.caller(), response) ? known : null;
        } finally {
            if (admitted == null) {
                places.giveBack();
            }
        }
        return admitted;
    }

    /** Refuses a request that another node, or this one a little later, may take. */
    void unavailable(EventObserver.Kind kind, HttpServletResponse response, String detail) throws IOException {
        unavailable(kind, response, detail, whenFull);
    }

    /** The same, with another time to come back. */
    void unavailable(EventObserver.Kind kind, HttpServletResponse response, String detail, RetryDelay retry)
            throws IOException {
        refuse(kind, response, 503, detail, retry, Reason.OTHER);
    }

    private void refuse(
            EventObserver.Kind kind,
            HttpServletResponse response,
            int status,
            String detail,
            RetryDelay retry,
            Reason reason)
            throws IOException {
        observer.refused(kind);
        response.setHeader("Retry-After", Long.toString(retry.nextSeconds()));
        problem(response, status, detail, List.of(), reason);
    }

    private boolean isWithinItsLimit(EventObserver.Kind kind, Caller caller, HttpServletResponse response)
            throws IOException {
        if (perKey.take(caller)) {
            return true;
        }
        refuseForItsLimit(kind, response);
        return false;
    }

    private void refuseForItsLimit(EventObserver.Kind kind, HttpServletResponse response) throws IOException {
        refuse(
                kind,
                response,
                429,
                "This API key has as many event streams and polls open on this node as it may.",
                whenFull,
                Reason.OPEN_STREAMS);
    }

    private static Admission byKey(HttpServletRequest request, List<String> asked) {
        Caller caller = Caller.of(request);
        Topics.requireSeen(asked, caller);
        return new Admission(caller, asked);
    }

    private @Nullable Admission byTicket(
            EventObserver.Kind kind, String ticketText, List<String> asked, HttpServletResponse response)
            throws IOException {
        Optional<Ticket> ticket;
        try {
            if (tickets.look(ticketText)
                    .flatMap(this::holder)
                    .filter(perKey::isFull)
                    .isPresent()) {
                refuseForItsLimit(kind, response);
                return null;
            }
            ticket = tickets.redeem(ticketText);
        } catch (JedisException e) {
            // Whether it is good can't be said now; it stays so for as long as it lives.
            problems.write(response, e);
            return null;
        }
        // What its holder may see is decided by the key as it is now.
        Optional<Caller> holder = ticket.flatMap(this::holder);
        if (ticket.isEmpty() || holder.isEmpty()) {
            response.setHeader("WWW-Authenticate", "Bearer");
            String message = "is not a ticket that this service issued, or it was used or has expired";
            problem(
                    response,
                    401,
                    "ticket " + message + ".",
                    List.of(new FieldError(EventsServlet.TICKET, null, message)),
                    Reason.TICKET);
            return null;
        }
        List<FieldError> errors = asked.stream()
                .filter(topic -> !ticket.get().topics().contains(topic))
                .map(topic -> new FieldError("topic", topic, "is not one that the ticket was issued for"))
                .toList();
        if (!errors.isEmpty()) {
            problem(response, 403, "The ticket was issued for other topics; see errors.", errors, Reason.TICKET);
            return null;
        }
        List<String> topics = asked.isEmpty() ? List.copyOf(ticket.get().topics()) : asked;
        holder.get().require(Scope.READ);
        Topics.requireSeen(topics, holder.get());
        return new Admission(holder.get(), topics);
    }

    private Optional<Caller> holder(Ticket ticket) {
        return callers.named(ticket.holder());
    }

    private void problem(
            HttpServletResponse response, int status, String detail, List<FieldError> errors, Reason reason)
            throws IOException {
        problems.write(response, new ProblemException(Problem.of(status, detail, errors)).because(reason));
    }
}
