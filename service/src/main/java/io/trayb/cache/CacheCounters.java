package io.trayb.cache;

import io.dropwizard.lifecycle.Managed;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Counts look-ups in the Redis hashes {@code metrics:cache:<name>} (fields {@code hits}, {@code misses}, {@code errors}), where
 * operators look with redis-cli: the sum over all processes since the hash was last emptied.
 *
 * <p>Owns the thread {@code trayb-cache-counters}, which adds what was counted every two seconds. While Redis is away, the
 * counts are kept and added later.
 */
public final class CacheCounters implements CacheObserver, Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(CacheCounters.class);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private record Field(String cache, Result result) {
        String hash() {
            return CacheCounters.hash(cache);
        }

        String name() {
            return result == Result.MISS ? "misses" : result.name().toLowerCase(Locale.ROOT) + "s";
        }
    }

    private final UnifiedJedis redis;
    private final CacheObserver next;
    private final ConcurrentMap<Field, LongAdder> counts = new ConcurrentHashMap<>();
    private final Loop loop = new Loop("cache-counters", this::flush);

    /**
     * Counters.
     *
     * @param next hears of each look-up as well
     */
    public CacheCounters(UnifiedJedis redis, CacheObserver next) {
        this.redis = redis;
        this.next = next;
    }

    /** Where the look-ups of a cache are counted. */
    public static String hash(String cache) {
        return "metrics:cache:" + cache;
    }

    @Override
    public void lookedUp(String cache, Result result) {
        counts.computeIfAbsent(new Field(cache, result), field -> new LongAdder())
                .increment();
        next.lookedUp(cache, result);
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(EVERY);
        flush();
    }

    private Duration flush() {
        for (Map.Entry<Field, LongAdder> entry : List.copyOf(counts.entrySet())) {
            long counted = entry.getValue().sumThenReset();
            if (counted == 0) {
                continue;
            }
            try {
                redis.hincrBy(entry.getKey().hash(), entry.getKey().name(), counted);
            } catch (JedisException e) {
                // Kept for the next time; whether Redis had added it is unknown, and a count for a quick look may be
                // off by that.
                entry.getValue().add(counted);
                LOGGER.debug("Cache counters wait for Redis", e);
                break;
            }
        }
        return EVERY;
    }
}
