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
}
