package io.trayb.http;

import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;

/** A resource method that takes a body never sees null: an empty body, or one of {@code null}, is refused before. */
public final class BodyRequired implements ReaderInterceptor {
    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        Object body = context.proceed();
        if (body == null) {
            throw refusal();
        }
        return body;
    }

    /** What is answered to a body in which there is nothing. */
    public static ProblemException refusal() {
        return ProblemException.of(400, "The request's body is empty; this path takes JSON");
    }
}
