package io.trayb.jobs;

import java.util.Objects;

/**
 * What makes a submission happen once: the same key of the same caller with the same body is the same submission.
 *
 * @param caller whose key it is; keys of different callers have nothing to do with each other
 * @param key 1 to 200 visible ASCII characters
 * @param bodyHash a digest of what was asked for, the same for bodies that mean the same
 */
public record IdempotencyKey(String caller, String key, String bodyHash) {
    public IdempotencyKey {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(bodyHash, "bodyHash");
        if (!JobSubmission.UNIQUE_KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("key is '" + key + "', but must be 1 to 200 visible ASCII characters");
        }
    }
}
