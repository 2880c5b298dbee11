package io.trayb.keys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as clients see it.
 *
 * @param key its text, in the one answer that has it; left out in all others
 */
@JsonPropertyOrder({
    "name",
    "id",
    "key",
    "scopes",
    "queues",
    "rate",
    "createdAt",
    "createdBy",
    "expiresAt",
    "revokedAt",
    "revokedBy",
    "lastUsedAt"
})
record KeyView(
        String name,
        String id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key,
        List<String> scopes,
        String queues,
        @Nullable String rate,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy,
        @Nullable Instant lastUsedAt) {

    static KeyView of(ApiKey key) {
        return of(key, null);
    }

    static KeyView of(ApiKey key, @Nullable String text) {
        return new KeyView(
                key.name(),
                key.id(),
                text,
                Scope.wireNames(key.scopes()),
                key.queues().text(),
                key.rate() == null ? null : key.rate().toString(),
                key.createdAt(),
                key.createdBy(),
                key.expiresAt(),
                key.revokedAt(),
                key.revokedBy(),
                key.lastUsedAt());
    }

    /** Shows no secret in logs. */
    @Override
    public String toString() {
        return "KeyView[" + name + "]";
    }
}
