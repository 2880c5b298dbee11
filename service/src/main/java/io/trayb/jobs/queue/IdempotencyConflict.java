package io.trayb.jobs.queue;

/** An idempotency key can't be answered as it was the first time. Nothing was submitted. */
public final class IdempotencyConflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private IdempotencyConflict(String message) {
        super(message);
    }

    static IdempotencyConflict otherBody(String key) {
        return new IdempotencyConflict(
                "Idempotency-Key '" + key + "' was used for another body within the last 24 hours");
    }

    static IdempotencyConflict noLongerKept(String key) {
        return new IdempotencyConflict("a job that Idempotency-Key '" + key + "' stands for is no longer kept");
    }
}
