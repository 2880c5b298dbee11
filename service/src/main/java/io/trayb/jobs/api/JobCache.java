package io.trayb.jobs.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trayb.cache.RedisCache;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Finished jobs as they were answered, byte for byte. They change only when they are put back, and are struck out then.
 * Thread-safe.
 *
 * <p>When Redis can't be told that a job was put back, this node doesn't look that job up in the cache until the old value's
 * time is up.
 */
public final class JobCache {
    /** How long a finished job is kept; what a missed strike-out on another node can cost at most. */
    public static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private static final int MAX_DISTRUSTED = 100_000;

    private final RedisCache cache;
    private final Cache<UUID, Boolean> distrusted = Caffeine.newBuilder()
            .expireAfterWrite(TIME_TO_LIVE)
            .maximumSize(MAX_DISTRUSTED)
            .build();

    public JobCache(RedisCache cache) {
        this.cache = cache;
    }

    /** The answer that was given for a finished job. */
    Optional<byte[]> get(UUID id) {
        return distrusted.getIfPresent(id) == null ? cache.get(id.toString()) : Optional.empty();
    }

    /** Keeps the answer for a job that is finished. */
    void put(UUID id, byte[] answer) {
        cache.put(id.toString(), answer);
    }

    /** A finished job was put back, or may have been. */
    void strikeOut(UUID id) {
        if (!cache.strikeOut(id.toString())) {
            distrusted.put(id, Boolean.TRUE);
        }
    }
}
