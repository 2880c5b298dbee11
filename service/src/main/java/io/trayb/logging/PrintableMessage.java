package io.trayb.logging;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.trayb.keys.KeyText;

/**
 * A message of which nothing passes for a line of the log by itself: what follows on a line break is set in, and characters that
 * move a terminal's cursor, change its colours or turn the direction of writing are written out. So a client whose text gets into
 * a message, be it by way of a library's exception, can't make the log say what nobody has said. API keys that were sent where none
 * belongs, and are in what an exception says of it, are left out. Thread-safe.
 */
final class PrintableMessage extends MessageConverter {
    /** Goes before each line of a message but the first; no entry of the log begins so. */
    static final String INDENT = "    ";

    @Override
    public String convert(ILoggingEvent event) {
        String message = super.convert(event);
        return message == null ? "" : printable(message);
    }

    static String printable(String message) {
        return printable(message, "\n" + INDENT);
    }

    /** The same for a text whose lines begin as they shall already. */
    static String printableLines(String text) {
        return printable(text, "\n");
    }

    private static String printable(String sent, String lineBreak) {
        String message = KeyText.hiddenIn(sent);
        int at = 0;
        while (at < message.length() && isPlain(message.charAt(at))) {
            at++;
        }
        if (at == message.length()) {
            // As nearly all are.
            return message;
        }
        StringBuilder printable = new StringBuilder(message.length() + 32).append(message, 0, at);
        for (; at < message.length(); at++) {
            char c = message.charAt(at);
            if (isPlain(c)) {
                printable.append(c);
            } else if (c == '\n') {
                printable.append(lineBreak);
            } else {
                printable.append(String.format("\\u%04x", (int) c));
            }
        }
        return printable.toString();
    }

    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL -> c == '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
