package io.trayb.events;

import io.trayb.http.ProblemWriter;
import io.trayb.keys.Callers;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/events/poll}: the same events by long polling. Thread-safe; holds no thread while a poll waits. */
final class PollServlet extends EventsServlet {
    static final int MAX_TIMEOUT_MS = 25_000;
    static final int MAX_LIMIT = 500;

    private static final long serialVersionUID = 1;
    private static final Set<String> PARAMETERS = Set.of("topic", "after", "timeoutMs", "limit", TICKET);

    private final transient WaitingPolls polls;
    private final transient PlacesPerKey perKey;
    private final transient RetryDelay whenFull;
    private final transient EventObserver observer;

    PollServlet(
            Tickets tickets,
            Callers callers,
            ProblemWriter problems,
            WaitingPolls polls,
            PlacesPerKey perKey,
            RetryDelay whenFull,
            EventObserver observer) {
        super("application/json", tickets, callers, problems);
        this.perKey = Objects.requireNonNull(perKey, "perKey");
        this.polls = Objects.requireNonNull(polls, "polls");
        this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        EventRequest wanted = new EventRequest(request, PARAMETERS);
        List<String> topics = wanted.topics();
        Cursor after = wanted.after();
        String ticket = wanted.ticket();
        int timeoutMs = wanted.number("timeoutMs", 0, MAX_TIMEOUT_MS, MAX_TIMEOUT_MS);
        int limit = wanted.number("limit", 1, MAX_LIMIT, MAX_LIMIT);
        if (!wanted.errors().isEmpty()) {
            invalid(response, wanted.errors());
        } else if (polls.isStopping()) {
            observer.refused(EventObserver.Kind.POLL);
            unavailable(response, "This node is stopping. Poll again, another one.", whenFull);
        } else if (polls.takePlace()) {
            Admission admitted = null;
            try {
                admitted = withinItsLimit(admit(request, ticket, topics, response), response);
            } finally {
                if (admitted == null) {
                    polls.giveBack();
                }
            }
            if (admitted != null) {
                observer.opened(EventObserver.Kind.POLL);
                response.setHeader("Cache-Control", "no-store");
                AsyncContext async = request.startAsync();
                async.setTimeout(0);
                polls.begin(async, admitted, after, timeoutMs, limit);
            }
        } else {
            observer.refused(EventObserver.Kind.POLL);
            unavailable(response, "As many polls wait on this node as may. Try again.", whenFull);
        }
    }

    private @Nullable Admission withinItsLimit(@Nullable Admission admitted, HttpServletResponse response)
            throws IOException {
        if (admitted == null || perKey.take(admitted.caller())) {
            return admitted;
        }
        observer.refused(EventObserver.Kind.POLL);
        tooMany(response, whenFull);
        return null;
    }
}
