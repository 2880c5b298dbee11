package io.trayb.cluster;

/** The cluster has ended, since its processes die again and again and nothing is served any more. */
public final class GaveUpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GaveUpException(String sentence) {
        super(sentence);
    }
}
