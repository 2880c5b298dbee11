package io.trayb.cache;

import io.trayb.cache.CacheObserver.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/**
 * One cache: values by key, for a limited time. Thread-safe.
 *
 * <p>A value that is replaced in the truth is <em>struck out</em>: a mark takes its place that nothing is written over for a
 * while, so that a reader who has read the old value just before can't put it back just after. Redis that fails is left alone
 * for a second, so that readers pay for its outage once and not each.
 */
public final class RedisCache {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisCache.class);
    private static final byte[] STRUCK_OUT = {};
    /** Longer than any reader takes from reading the truth to writing it here. */
    private static final Duration STRUCK_OUT_FOR = Duration.ofSeconds(30);

    private static final int STRIKE_OUT_BATCH = 1_000;

    private static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    private final UnifiedJedis redis;
    private final String name;
    private final Duration timeToLive;
    private final CacheObserver observer;
    private final LongSupplier nanoTime;
    private volatile boolean failing;
    private volatile long failedAt;

    /**
     * A cache.
     *
     * @param name in keys and metrics, such as {@code jobs}
     * @param timeToLive of a value
     * @param nanoTime a monotonic clock
     */
    public RedisCache(
            UnifiedJedis redis, String name, Duration timeToLive, CacheObserver observer, LongSupplier nanoTime) {
        this.redis = redis;
        this.name = name;
        this.timeToLive = timeToLive;
        this.observer = observer;
        this.nanoTime = nanoTime;
    }

    /** The value under a key; empty if there is none, it was struck out, or Redis is away. */
    public Optional<byte[]> get(String key) {
        if (isLeftAlone()) {
            observer.lookedUp(name, Result.ERROR);
            return Optional.empty();
        }
        try {
            byte[] value = redis.get(redisKey(key));
            failing = false;
            boolean hit = value != null && value.length > 0;
            observer.lookedUp(name, hit ? Result.HIT : Result.MISS);
            return hit ? Optional.of(value) : Optional.empty();
        } catch (JedisException e) {
            failed(e);
            observer.lookedUp(name, Result.ERROR);
            return Optional.empty();
        }
    }

    /** Keeps a value that was just read from the truth, unless its key is struck out. Does nothing while Redis is away. */
    public void put(String key, byte[] value) {
        if (isLeftAlone()) {
            return;
        }
        try {
            redis.set(redisKey(key), value, SetParams.setParams().nx().px(timeToLive.toMillis()));
        } catch (JedisException e) {
            failed(e);
        }
    }

    /**
     * Strikes values out that the truth no longer has, many in one way there and back.
     *
     * @return false if Redis didn't take all of them: old values may be found until their time is up
     */
    public boolean strikeOut(Collection<String> keys) {
        List<String> all = List.copyOf(keys);
        try {
            for (int from = 0; from < all.size(); from += STRIKE_OUT_BATCH) {
                try (AbstractPipeline pipeline = redis.pipelined()) {
                    for (String key : all.subList(from, Math.min(all.size(), from + STRIKE_OUT_BATCH))) {
                        pipeline.set(
                                redisKey(key), STRUCK_OUT, SetParams.setParams().px(STRUCK_OUT_FOR.toMillis()));
                    }
                    pipeline.sync();
                }
            }
            return true;
        } catch (JedisException e) {
            // Neither would it take the rest; each try would cost its time-out.
            failed(e);
            return false;
        }
    }

    private boolean isLeftAlone() {
        return failing && nanoTime.getAsLong() - failedAt < LEFT_ALONE.toNanos();
    }

    private void failed(JedisException e) {
        if (!failing) {
            LOGGER.warn("The cache of {} is skipped while Redis is away: {}", name, e.getMessage());
        }
        failing = true;
        failedAt = nanoTime.getAsLong();
    }

    private byte[] redisKey(String key) {
        return ("{trayb}:cache:" + name + ":" + key).getBytes(StandardCharsets.UTF_8);
    }
}
