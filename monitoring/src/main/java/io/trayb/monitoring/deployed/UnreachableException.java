package io.trayb.monitoring.deployed;

/** What is deployed can't be asked: that says nothing about whether it differs. */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }

    UnreachableException(String message) {
        super(message);
    }
}
