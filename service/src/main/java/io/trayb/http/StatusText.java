package io.trayb.http;

import org.eclipse.jetty.http.HttpStatus;

/** The words that go with an HTTP status. */
final class StatusText {
    private StatusText() {}

    static String of(int status) {
        return HttpStatus.getMessage(status);
    }
}
