package io.trayb.jobs.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trayb.cache.CacheObserver;
import io.trayb.cache.RedisCache;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/**
 * Finished jobs as they are answered, byte for byte. Thread-safe.
 *
 * <p>A completed job never changes again, so this process may keep it and ask nobody. A failed or cancelled one changes when it
 * is put back, by whatever node: it is kept in Redis alone, and struck out there then. When Redis can't be told that a job was
 * put back, this node doesn't look that job up until the old value's time is up.
 */
public final class JobCache {
    /**
     * How long a finished job is kept; what a missed strike-out on another node can cost at most, and how long a job may be shown
     * after its day was dropped.
     */
    public static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    private static final int MAX_DISTRUSTED = 100_000;
    /** For the bodies that this process keeps: some 30,000 small ones. */
    private static final long MAX_BYTES = 16L * 1024 * 1024;
    /** About what an entry takes besides its body. */
    private static final int ENTRY_BYTES = 250;

    private final RedisCache shared;
    private final CacheObserver observer;
    private final Cache<UUID, CachedJob> completed = Caffeine.newBuilder()
            .expireAfterWrite(TIME_TO_LIVE)
            .maximumWeight(MAX_BYTES)
            .<UUID, CachedJob>weigher((id, job) -> ENTRY_BYTES + job.body().length)
            .build();
    private final Cache<UUID, Boolean> distrusted = Caffeine.newBuilder()
            .expireAfterWrite(TIME_TO_LIVE)
            .maximumSize(MAX_DISTRUSTED)
            .build();

    /** @param observer hears of what is found in this process; {@code shared} tells of its own look-ups */
    public JobCache(RedisCache shared, CacheObserver observer) {
        this.shared = shared;
        this.observer = observer;
    }

    /** The answer that was given for a finished job, on this node or another. */
    Optional<CachedJob> get(UUID id) {
        CachedJob job = completed.getIfPresent(id);
        if (job != null) {
            observer.lookedUp("jobs", CacheObserver.Result.HIT);
            return Optional.of(job);
        }
        return distrusted.getIfPresent(id) == null ? shared.get(id.toString()).map(CachedJob::new) : Optional.empty();
    }

    /** Keeps the answer for a job, if it is finished. */
    void put(Job job, CachedJob answer) {
        if (job.state() == JobState.COMPLETED) {
            completed.put(job.id(), answer);
        }
        if (job.state().isFinished()) {
            shared.put(job.id().toString(), answer.body());
        }
    }

    /** Finished jobs were put back, or may have been. */
    void strikeOut(Collection<UUID> ids) {
        if (!shared.strikeOut(ids.stream().map(UUID::toString).toList())) {
            ids.forEach(id -> distrusted.put(id, Boolean.TRUE));
        }
    }
}
