package io.trayb.jobs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * How an attempt failed. Immutable.
 *
 * @param message what went wrong, at most {@value #MAX_MESSAGE_LENGTH} characters
 * @param attempt the attempt that failed, from 1
 * @param at when it failed, by the database's clock
 */
public record JobError(String message, int attempt, Instant at) {
    /** Enough for a message and its causes; a stack trace belongs in the log. */
    public static final int MAX_MESSAGE_LENGTH = 2000;

    /** A message that can be kept: without U+0000 and halves of characters, which Postgres refuses, and no longer than what is kept. */
    public static String storable(String message) {
        int length = Math.min(message.length(), MAX_MESSAGE_LENGTH);
        boolean amidACharacter = length < message.length() && Character.isHighSurrogate(message.charAt(length - 1));
        String head = message.substring(0, amidACharacter ? length - 1 : length).replace('\0', ' ');
        // There and back, half a character is a question mark.
        return new String(head.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
