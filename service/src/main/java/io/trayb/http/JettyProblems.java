package io.trayb.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Jetty's own refusals (a bad request line, a method that isn't allowed, a servlet that threw) as problems. Thread-safe. */
public final class JettyProblems {
    private final ExceptionProblems problems;
    private final ObjectMapper json;
    private final LongSupplier random;

    /** @param random for the ids of requests that got none, as {@link RequestIds} takes it */
    public JettyProblems(ExceptionProblems problems, ObjectMapper json, LongSupplier random) {
        this.problems = problems;
        this.json = json;
        this.random = random;
    }

    /** For the server: what never reaches a context. Answers any method, of which Jetty's default leaves out PUT and DELETE. */
    public ErrorHandler forServer() {
        return new ErrorHandler() {
            @Override
            public boolean errorPageForMethod(String method) {
                return true;
            }

            @Override
            protected void generateResponse(
                    Request request,
                    Response response,
                    int status,
                    @Nullable String message,
                    @Nullable Throwable cause,
                    Callback callback) {
                answer(request, response, status, message, cause, callback);
            }
        };
    }

    /** For a context of servlets. */
    public org.eclipse.jetty.ee10.servlet.ErrorHandler forServlets() {
        return new org.eclipse.jetty.ee10.servlet.ErrorHandler() {
            @Override
            public boolean errorPageForMethod(String method) {
                return true;
            }

            @Override
            protected void generateResponse(
                    Request request,
                    Response response,
                    int status,
                    @Nullable String message,
                    @Nullable Throwable cause,
                    Callback callback) {
                answer(request, response, status, message, cause, callback);
            }
        };
    }

    private void answer(
            Request request,
            Response response,
            int status,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        ProblemException answer = cause == null ? problems.ofStatus(status, message) : problems.of(cause);
        byte[] body = ProblemJson.bytes(answer.problem(), json);
        response.setStatus(answer.problem().status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        String id = RequestIds.of(request);
        // Jetty has taken away what was set before; and what it can't read never came to where ids are given.
        response.getHeaders().put(RequestIds.HEADER, id == null ? RequestIds.made(random) : id);
        // Many of these come before any filter.
        SafeHeaders.ALL.forEach((name, value) -> response.getHeaders().put(name, value));
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
