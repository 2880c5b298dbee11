package io.trayb.demo;

/** Ends the demo with a sentence for the person who started it; the cause is for whoever debugs it. */
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoException(String sentence) {
        super(sentence);
    }

    DemoException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
