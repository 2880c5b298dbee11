package io.trayb.events;

import io.trayb.http.FieldError;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import io.trayb.keys.Caller;
import io.trayb.keys.Scope;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.eclipse.jetty.http.QuotedQualityCSV;

/** What the stream and the poll have in common: both only GET, of one type, and errors as problems. Thread-safe. */
abstract class EventsServlet extends HttpServlet {
    static final String TICKET = "ticket";

    private static final long serialVersionUID = 1;

    private final String mediaType;
    private final transient ProblemWriter problems;

    EventsServlet(String mediaType, ProblemWriter problems) {
        this.mediaType = Objects.requireNonNull(mediaType, "mediaType");
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

    private void problem(HttpServletResponse response, int status, String detail, List<FieldError> errors)
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

    private boolean accepts(HttpServletRequest request) {
        if (request.getHeader("Accept") == null) {
            return true;
        }
        String range = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
        for (String value : acceptedBy(request)) {
            int parameters = value.indexOf(';');
            String type = (parameters < 0 ? value : value.substring(0, parameters)).strip();
            if (type.equalsIgnoreCase(mediaType) || type.equalsIgnoreCase(range) || type.equals("*/*")) {
                return true;
            }
        }
        return false;
    }

    /** Sorted by quality, and without those of quality 0. */
    private static List<String> acceptedBy(HttpServletRequest request) {
        QuotedQualityCSV accepted = new QuotedQualityCSV();
        try {
            request.getHeaders("Accept").asIterator().forEachRemaining(accepted::addValue);
        } catch (IllegalArgumentException e) {
            // A quote that never ends: what can't be read allows nothing.
            return List.of();
        }
        return accepted.getValues();
    }
}
