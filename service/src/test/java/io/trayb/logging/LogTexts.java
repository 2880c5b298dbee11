package io.trayb.logging;

import io.trayb.fuzz.Promise;

/** What a fuzzer asks of messages in the log. */
public final class LogTexts {
    private LogTexts() {}

    /** A message, whatever is in it, is one entry. */
    public static void message(String text) {
        String printable = PrintableMessage.printable(text);
        for (int i = 0; i < printable.length(); i++) {
            char c = printable.charAt(i);
            Promise.that(c >= ' ' || c == '\n' || c == '\t', "has no control characters");
            if (c == '\n') {
                Promise.that(printable.startsWith(PrintableMessage.INDENT, i + 1), "is set in after a line break");
            }
        }
    }
}
