package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.trayb.http.ProblemWriter;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/events}: an event stream. Thread-safe; holds no thread while a stream is open. */
final class StreamServlet extends EventsServlet {
    private static final long serialVersionUID = 1;
    private static final Set<String> PARAMETERS = Set.of("topic", "after", TICKET);

    private final transient StreamSwitch streamSwitch;
    private final transient OpenStreams streams;
    private final transient Admissions admissions;
    private final transient StreamOpener opener;
    private final transient RetryDelay whenFull;
    private final transient RetryDelay whenOff;
    private final transient RetryDelay reconnect;
    private final transient EventObserver observer;

    /** Makes a stream and its follower on an asynchronous request. */
    @FunctionalInterface
    interface StreamOpener {
        Opened open(AsyncContext async, HttpOutput out, EndPoint endPoint, boolean chunked, Admission admitted);
    }

    /** A stream that is ready to begin. */
    record Opened(StreamConnection stream, Follower follower) {}

    /**
     * @param whenFull when to come back if there are too many streams, or this process stops
     * @param whenOff when to come back if streams are switched off
     * @param reconnect what each new stream's client is told for its reconnects
     */
    StreamServlet(
            ProblemWriter problems,
            Admissions admissions,
            StreamSwitch streamSwitch,
            OpenStreams streams,
            StreamOpener opener,
            RetryDelay whenFull,
            RetryDelay whenOff,
            RetryDelay reconnect,
            EventObserver observer) {
        super("text/event-stream", problems);
        this.admissions = Objects.requireNonNull(admissions, "admissions");
        this.streamSwitch = Objects.requireNonNull(streamSwitch, "streamSwitch");
        this.streams = Objects.requireNonNull(streams, "streams");
        this.opener = Objects.requireNonNull(opener, "opener");
        this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
        this.whenOff = Objects.requireNonNull(whenOff, "whenOff");
        this.reconnect = Objects.requireNonNull(reconnect, "reconnect");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        EventRequest wanted = new EventRequest(request, PARAMETERS);
        List<String> topics = wanted.topics();
        Cursor after = wanted.after();
        String ticket = wanted.ticket();
        if (!wanted.errors().isEmpty()) {
            invalid(response, wanted.errors());
        } else if (!isClosed(topics, response)) {
            Admission admitted = admissions.admit(
                    EventObserver.Kind.SSE,
                    streams,
                    "This node carries as many event streams as it may. Try again.",
                    request,
                    ticket,
                    topics,
                    response);
            if (admitted != null) {
                open(request, response, admitted, after);
            }
        }
    }

    private boolean isClosed(List<String> topics, HttpServletResponse response) throws IOException {
        switch (streamSwitch.state()) {
            case ON -> {
                return false;
            }
            case OFF -> {
                String query = topics.stream()
                        .map(topic -> "topic=" + URLEncoder.encode(topic, UTF_8))
                        .collect(Collectors.joining("&"));
                String poll = Events.POLL_PATH + (query.isEmpty() ? "" : "?" + query);
                response.setHeader("Link", "<" + poll + ">; rel=\"alternate\"");
                admissions.unavailable(
                        EventObserver.Kind.SSE,
                        response,
                        "Event streams are switched off. Poll instead, as the Link header says.",
                        whenOff);
            }
            case STOPPING ->
                admissions.unavailable(
                        EventObserver.Kind.SSE,
                        response,
                        "This node is stopping. Connect again, to another one.",
                        whenFull);
        }
        return true;
    }

    private void open(
            HttpServletRequest request, HttpServletResponse response, Admission admitted, @Nullable Cursor after)
            throws IOException {
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("text/event-stream");
        response.setHeader("Cache-Control", "no-cache, no-transform");
        // nginx and those who learned from it would hold the stream back until their buffer is full.
        response.setHeader("X-Accel-Buffering", "no");
        // Over HTTP/1.1 the connection is the stream's own, so cutting it off ends nothing else; and it ends with the
        // stream.
        response.setHeader("Connection", "close");
        boolean chunked = request.getProtocol().equals(HttpVersion.HTTP_1_1.asString());
        if (chunked) {
            // Else Jetty leaves chunks out where the end of the connection says the same; but it says so of a broken
            // one too.
            response.setHeader("Transfer-Encoding", "chunked");
        }
        EndPoint endPoint = ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        // Jetty's own type: its write(ByteBuffer) goes past the buffer that write(byte[]) pins for each open stream.
        HttpOutput out = (HttpOutput) response.getOutputStream();
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        Opened opened = opener.open(async, out, endPoint, chunked, admitted);
        streams.add(opened.stream());
        observer.opened(EventObserver.Kind.SSE);
        opened.stream().begin(opened.follower(), after, reconnect.nextMs());
        if (streamSwitch.state() != StreamSwitch.State.ON) {
            // It was switched while this stream was on its way, perhaps after all that were open had been told.
            CloseReason reason =
                    streamSwitch.state() == StreamSwitch.State.OFF ? CloseReason.DISABLED : CloseReason.DRAINED;
            opened.stream().close(reason, whenFull.nextMs());
        }
    }
}
