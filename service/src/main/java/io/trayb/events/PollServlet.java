package io.trayb.events;

import io.trayb.http.ProblemWriter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** {@code GET /api/v1/events/poll}: the same events by long polling. Thread-safe; holds no thread while a poll waits. */
final class PollServlet extends EventsServlet {
    static final int MAX_TIMEOUT_MS = 25_000;
    static final int MAX_LIMIT = 500;

    private static final long serialVersionUID = 1;
    private static final Set<String> PARAMETERS = Set.of("topic", "after", "timeoutMs", "limit", TICKET);

    private final transient WaitingPolls polls;
    private final transient Admissions admissions;
    private final transient EventObserver observer;

    PollServlet(ProblemWriter problems, Admissions admissions, WaitingPolls polls, EventObserver observer) {
        super("application/json", problems);
        this.admissions = Objects.requireNonNull(admissions, "admissions");
        this.polls = Objects.requireNonNull(polls, "polls");
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
            admissions.unavailable(
                    EventObserver.Kind.POLL, response, "This node is stopping. Poll again, another one.");
        } else {
            Admission admitted = admissions.admit(
                    EventObserver.Kind.POLL,
                    polls,
                    "As many polls wait on this node as may. Try again.",
                    request,
                    ticket,
                    topics,
                    response);
            if (admitted != null) {
                observer.opened(EventObserver.Kind.POLL);
                response.setHeader("Cache-Control", "no-store");
                AsyncContext async = request.startAsync();
                async.setTimeout(0);
                polls.begin(async, admitted, after, timeoutMs, limit);
            }
        }
    }
}
