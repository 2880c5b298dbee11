package io.trayb.events;

import io.trayb.http.FieldError;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import io.trayb.http.ProblemWriter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /tasks/sse?enabled=true|false} on the admin port: switches event streams on and off while the service runs. A
 * servlet and not a Dropwizard task, since a task can't refuse a wrong value with a 400. Thread-safe.
 */
final class SwitchServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(SwitchServlet.class);

    /** All clients turn to polling, and their first polls shall not come all at once. */
    private static final Duration SPREAD = Duration.ofSeconds(1);

    private final transient ProblemWriter problems;
    private final transient StreamSwitch streamSwitch;
    private final transient OpenStreams streams;
    private final transient RetryDelay whenOff;

    SwitchServlet(ProblemWriter problems, StreamSwitch streamSwitch, OpenStreams streams, RetryDelay whenOff) {
        this.problems = Objects.requireNonNull(problems, "problems");
        this.streamSwitch = Objects.requireNonNull(streamSwitch, "streamSwitch");
        this.streams = Objects.requireNonNull(streams, "streams");
        this.whenOff = Objects.requireNonNull(whenOff, "whenOff");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String enabled = request.getParameter("enabled");
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            problem(response, Problem.of(405, request.getMethod() + " is not allowed here; use POST."));
        } else if (enabled == null || !(enabled.equals("true") || enabled.equals("false"))) {
            FieldError error = new FieldError("enabled", enabled, "must be true or false");
            problem(response, Problem.of(400, "enabled must be true or false.", List.of(error)));
        } else {
            set(enabled.equals("true"));
            response.setContentType("text/plain;charset=utf-8");
            response.getOutputStream().println("Event streams are " + (enabled.equals("true") ? "on" : "off"));
        }
    }

    private void problem(HttpServletResponse response, Problem problem) throws IOException {
        problems.write(response, new ProblemException(problem));
    }

    private void set(boolean on) {
        if (streamSwitch.set(on)) {
            LOG.info("Event streams were switched {}", on ? "on" : "off");
            if (!on) {
                streams.closeAll(CloseReason.DISABLED, SPREAD, whenOff);
            }
        }
    }
}
