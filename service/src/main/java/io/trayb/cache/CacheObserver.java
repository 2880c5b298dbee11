package io.trayb.cache;

/** Hears how look-ups end, for the metrics. Called by every reader; must not block and must not throw. */
public interface CacheObserver {
    /** Hears and does nothing. */
    CacheObserver NONE = (cache, result) -> {};

    /** How a look-up ended. */
    enum Result {
        HIT,
        MISS,
        /** Redis didn't answer, or is left alone for a moment since it didn't answer before. */
        ERROR
    }

    /** @param cache the cache's name, such as {@code jobs} */
    void lookedUp(String cache, Result result);
}
