package io.trayb.events;

import io.trayb.http.FieldError;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.keys.Caller;
import io.trayb.keys.Callers;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** What the stream and the poll have in common: both only GET, of one type, and errors as problems. Thread-safe. */
abstract class EventsServlet extends HttpServlet {
    static final String TICKET = "ticket";

    private static final long serialVersionUID = 1;

    private final String mediaType;
    private final transient Tickets tickets;
    private final transient Callers callers;
    private final transient ProblemWriter problems;

    EventsServlet(String mediaType, Tickets tickets, Callers callers, ProblemWriter problems) {
        this.mediaType = Objects.requireNonNull(mediaType, "mediaType");
        this.tickets = Objects.requireNonNull(tickets, "tickets");
        this.callers = Objects.requireNonNull(callers, "callers");
        this.problems = Objects.requireNonNull(problems, "problems");
    }

    /** Answers a GET that accepts this servlet's type. */
    abstract void answer(HttpServletRequest request, HttpServletResponse response) throws IOException;

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET")) {
            response.setHeader("Allow", "GET");
            problem(response, 405, request.getMethod() + " is not allowed here; use GET.", List.of());
        } else if (!accepts(request)) {
            problem(
                    response,
                    406,
                    "This call answers " + mediaType + ", which the Accept header rules out.",
                    List.of());
        } else {
            try {
                if (request.getParameter(TICKET) == null) {
                    Caller.of(request).require(Scope.READ);
                }
                answer(request, response);
            } catch (ProblemException e) {
                problems.write(response, e);
            }
        }
    }

    /** Who follows, and what. */
    record Admission(Caller caller, List<String> topics) {}

    final void problem(HttpServletResponse response, int status, String detail, List<FieldError> errors)
            throws IOException {
        problems.write(response, new ProblemException(Problem.of(status, detail, errors)));
    }

    final void invalid(HttpServletResponse response, List<FieldError> errors) throws IOException {
        FieldError first = errors.get(0);
        String detail = errors.size() == 1
                ? first.field() + " " + first.message() + "."
                : errors.size() + " parameters are not valid; see errors.";
        problem(response, 400, detail, errors);
    }

    /** This key has as many open as it may. */
    final void tooMany(HttpServletResponse response, RetryDelay retry) throws IOException {
        response.setHeader("Retry-After", Long.toString(retry.nextSeconds()));
        problem(
                response,
                429,
                "This API key has as many event streams and polls open on this node as it may.",
                List.of());
    }

    final void unavailable(HttpServletResponse response, String detail, RetryDelay retry) throws IOException {
        response.setHeader("Retry-After", Long.toString(retry.nextSeconds()));
        problem(response, 503, detail, List.of());
    }

    /**
     * Who asks, and the topics that they are to get, or null when the request has been refused. Uses up the ticket, so it comes
     * after all that may refuse the request for another reason.
     *
     * @param asked those that it named; none when they are left to the ticket
     * @throws ProblemException 403 when a topic is a queue that the key can't see
     */
    final @Nullable Admission admit(
            HttpServletRequest request, @Nullable String ticketText, List<String> asked, HttpServletResponse response)
            throws IOException {
        if (ticketText == null) {
            Caller caller = Caller.of(request);
            Topics.requireSeen(asked, caller);
            return new Admission(caller, asked);
        }
        Optional<Ticket> ticket;
        try {
            ticket = tickets.redeem(ticketText);
        } catch (JedisException e) {
            // Whether it is good can't be said now; it stays so for as long as it lives.
            problems.write(response, e);
            return null;
        }
        // What its holder may see is decided by the key as it is now.
        Optional<Caller> holder = ticket.flatMap(redeemed -> callers.named(redeemed.holder()));
        if (ticket.isEmpty() || holder.isEmpty()) {
            response.setHeader("WWW-Authenticate", "Bearer");
            String message = "is not a ticket that this service issued, or it was used or has expired";
            problem(response, 401, "ticket " + message + ".", List.of(new FieldError(TICKET, null, message)));
            return null;
        }
        List<FieldError> errors = asked.stream()
                .filter(topic -> !ticket.get().topics().contains(topic))
                .map(topic -> new FieldError("topic", topic, "is not one that the ticket was issued for"))
                .toList();
        if (!errors.isEmpty()) {
            problem(response, 403, "The ticket was issued for other topics; see errors.", errors);
            return null;
        }
        List<String> topics = asked.isEmpty() ? List.copyOf(ticket.get().topics()) : asked;
        holder.get().require(Scope.READ);
        Topics.requireSeen(topics, holder.get());
        return new Admission(holder.get(), topics);
    }

    private boolean accepts(HttpServletRequest request) {
        // Sorted by quality, and without those of quality 0.
        QuotedQualityCSV accepted = new QuotedQualityCSV();
        request.getHeaders("Accept").asIterator().forEachRemaining(accepted::addValue);
        if (request.getHeader("Accept") == null) {
            return true;
        }
        String range = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
        for (String value : accepted.getValues()) {
            int parameters = value.indexOf(';');
            String type = (parameters < 0 ? value : value.substring(0, parameters)).strip();
            if (type.equalsIgnoreCase(mediaType) || type.equalsIgnoreCase(range) || type.equals("*/*")) {
                return true;
            }
        }
        return false;
    }
}
