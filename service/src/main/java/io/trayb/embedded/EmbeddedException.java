package io.trayb.embedded;

import org.jspecify.annotations.Nullable;

/** An embedded engine can't do what was asked; the message is a sentence for whoever started the service. */
public final class EmbeddedException extends RuntimeException {
    public EmbeddedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
