package io.trayb.jobs;

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

    /** A message that can be kept: without NUL, which Postgres refuses, and no longer than what is kept. */
    public static String storable(String message) {
        String clean = message.replace('\0', ' ');
        return clean.length() <= MAX_MESSAGE_LENGTH ? clean : clean.substring(0, MAX_MESSAGE_LENGTH);
    }
}
