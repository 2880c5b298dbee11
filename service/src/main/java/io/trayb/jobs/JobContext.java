package io.trayb.jobs;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a running handler knows of, and tells about, its job. Thread-safe. */
public interface JobContext {
    UUID id();

    String queue();

    /** This start, from 1. */
    int attempt();

    int maxAttempts();

    /**
     * Tells how far the work is. Cheap enough to be called in a loop: reports are coalesced, about one a second is published
     * and kept.
     *
     * @param percent 0 to 100
     * @param message a line for people who follow the job, or null
     * @throws IllegalArgumentException if {@code percent} is out of range
     */
    void progress(int percent, @Nullable String message);

    /** As {@link #progress(int, String)} without a message. */
    default void progress(int percent) {
        progress(percent, null);
    }

    /** Whether the outcome of this attempt no longer counts: cancelled, timed out, lease lost, or returned at shutdown. */
    boolean isCancelled();

    /**
     * The same text for every attempt of this job and for no other job. Handed to the system that does the real work, it lets
     * that system notice a repetition.
     */
    String idempotencyKey();
}
