package io.trayb.jobs.queue;

/** An idempotency key came with another body than the first time. Nothing was submitted. */
public final class IdempotencyConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public IdempotencyConflict(String key) {
        super("Idempotency-Key '" + key + "' was used for another body within the last 24 hours");
    }
}
