package io.trayb.keys;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is known to everybody who may see it: all but its text. Immutable.
 *
 * @param name {@link #NAME}; never given to a second key, not even after the first is revoked
 * @param id the public part of its text
 * @param scopes what it may be used for, at least one
 * @param queues the queues that it can see
 * @param rate how many requests it may make; null for as many as it likes
 * @param createdBy the name of the key that made it, or {@code cli:USER}
 * @param expiresAt from when on it is of no use; null for never
 * @param revokedAt since when it is of no use; null if it wasn't revoked
 * @param revokedBy as {@code createdBy}
 * @param lastUsedAt about: at most a minute and some seconds behind; null if it was never used
 */
public record ApiKey(
        String name,
        String id,
        Set<Scope> scopes,
        QueuePattern queues,
        @Nullable RateLimit rate,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy,
        @Nullable Instant lastUsedAt) {
    /** What names look like. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /** The name of the built-in key, which no other may have: it is in audits and idempotency keys. */
    public static final String LOCAL = "local";

    public ApiKey {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(queues, "queues");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(createdBy, "createdBy");
        if (!NAME.matcher(name).matches() || name.equals(LOCAL)) {
            throw new IllegalArgumentException(
                    "name is '" + name + "', allowed is " + NAME.pattern() + " except " + LOCAL);
        }
        scopes = Scope.copyOf(scopes);
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("scopes is empty, allowed are one or more of " + Scope.ALLOWED);
        }
    }

    /** Whether it is good at this time. */
    public boolean isLive(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
