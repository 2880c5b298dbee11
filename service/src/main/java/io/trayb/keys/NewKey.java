package io.trayb.keys;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key is to be made with. Immutable; valid as {@link ApiKey} has it.
 *
 * @param by who makes it
 */
public record NewKey(
        String name,
        Set<Scope> scopes,
        QueuePattern queues,
        @Nullable RateLimit rate,
        @Nullable Instant expiresAt,
        String by) {
    public NewKey {
        Objects.requireNonNull(name, "name");
        scopes = Scope.copyOf(scopes);
        Objects.requireNonNull(queues, "queues");
        Objects.requireNonNull(by, "by");
    }
}
