package io.trayb.http;

import java.util.stream.Stream;

/** An exception and what caused it, outermost first. */
final class Causes {
    /** A chain longer than this is one that goes in a circle. */
    private static final int LIMIT = 50;

    private Causes() {}

    static Stream<Throwable> of(Throwable thrown) {
        return Stream.<Throwable>iterate(thrown, throwable -> throwable != null, Throwable::getCause)
                .limit(LIMIT);
    }
}
