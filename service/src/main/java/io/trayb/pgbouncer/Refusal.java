package io.trayb.pgbouncer;

import java.io.IOException;

/** What PgBouncer says when it refuses something. */
final class Refusal {
    private static final char SENTENCE = 'M';

    private Refusal() {}

    /** The sentence in an error, of whose parts each has a letter; the last is a zero. */
    static String in(Message error) throws IOException {
        String sentence = "no reason given";
        for (byte part = error.letter(); part != 0; part = error.letter()) {
            String text = error.text();
            if (part == SENTENCE) {
                sentence = text;
            }
        }
        return sentence;
    }
}
