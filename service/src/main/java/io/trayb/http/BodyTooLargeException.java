package io.trayb.http;

import java.io.IOException;

/** A body that went past its limit while it was read; an IOException, since that is what parsers let through. */
final class BodyTooLargeException extends IOException {
    private final int limit;

    BodyTooLargeException(int limit) {
        super("the request's body is larger than " + limit + " bytes");
        this.limit = limit;
    }

    ProblemException problem() {
        return ProblemException.of(
                413, "The request's body is larger than " + limit + " bytes, the most that this path takes");
    }
}
