package io.trayb.keys.api;

import io.trayb.keys.ApiKey;
import io.trayb.keys.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * How many requests keys with a rate limit may still make, over all nodes: a token bucket for each in Redis, by the clock of
 * Redis. While Redis is away each node counts by itself; a key may then make as many requests on each of them. Thread-safe;
 * waits for Redis, but while that is away no more than one request at a time does.
 */
final class TokenBuckets {
    /**
     * What came of a request for one token.
     *
     * @param remaining how many requests may follow at once
     * @param fullInMs until there are as many again as there may be
     * @param retryInMs until there is one again; 0 if this one was granted
     */
    record Taken(boolean granted, long remaining, long fullInMs, long retryInMs) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(TokenBuckets.class);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(1);
    /** Buckets are small, but keys come and go. */
    private static final int MAX_LOCAL = 20_000;

    // One hash a key, gone by itself once it would be full again: a missing bucket is a full one. What Redis loses lets
    // somebody make some requests more.
    private static final String TAKE = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local capacity = tonumber(ARGV[1])
            local per = tonumber(ARGV[2])
            local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
            local tokens = tonumber(bucket[1]) or capacity
            local elapsed = math.max(0, now - (tonumber(bucket[2]) or now))
            tokens = math.min(capacity, tokens + elapsed * capacity / per)
            local granted = 0
            local retry = 0
            if tokens >= 1 then
                tokens = tokens - 1
                granted = 1
            else
                retry = math.ceil((1 - tokens) * per / capacity)
            end
            redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens), 'at', string.format('%.0f', now))
            redis.call('PEXPIRE', KEYS[1], per + 1000)
            return {granted, math.floor(tokens), math.ceil((capacity - tokens) * per / capacity), retry}
            """;

    private final UnifiedJedis redis;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, LocalBucket> local = new ConcurrentHashMap<>();
    private volatile String digest = "";
    private volatile boolean failing;
    private volatile long failedAt;
    /** Whether a request tries if Redis is back. */
    private final AtomicBoolean trying = new AtomicBoolean();

    /** @param nanoTime a monotonic clock, for while Redis is away */
    TokenBuckets(UnifiedJedis redis, LongSupplier nanoTime) {
        this.redis = redis;
        this.nanoTime = nanoTime;
    }

    /** Takes a token of a key, if there is one. */
    Taken take(ApiKey key, RateLimit rate) {
        if (!failing) {
            return takeSharedIfThere(key, rate);
        }
        // A Redis that is frozen lets each request wait that asks it: one is enough to see that it is back.
        if (nanoTime.getAsLong() - failedAt < LEFT_ALONE.toNanos() || !trying.compareAndSet(false, true)) {
            return takeHere(key, rate);
        }
        try {
            return takeSharedIfThere(key, rate);
        } finally {
            trying.set(false);
        }
    }

    private Taken takeSharedIfThere(ApiKey key, RateLimit rate) {
        try {
            Taken taken = takeShared(key, rate);
            if (failing) {
                failing = false;
                local.clear();
            }
            return taken;
        } catch (JedisException e) {
            if (!failing) {
                LOGGER.warn("Rate limits hold for each process by itself while Redis is away: {}", e.getMessage());
            }
            failedAt = nanoTime.getAsLong();
            failing = true;
            return takeHere(key, rate);
        }
    }

    private Taken takeShared(ApiKey key, RateLimit rate) {
        List<String> keys = List.of("{trayb}:rate:" + key.id());
        List<String> arguments = List.of(
                Integer.toString(rate.requests()), Long.toString(rate.per().toMillis()));
        Object answer;
        try {
            if (digest.isEmpty()) {
                digest = redis.scriptLoad(TAKE);
            }
            answer = redis.evalsha(digest, keys, arguments);
        } catch (JedisNoScriptException e) {
            // A Redis that has forgotten it: emptied, or another one.
            answer = redis.eval(TAKE, keys, arguments);
        }
        List<?> parts = (List<?>) answer;
        return new Taken(number(parts, 0) == 1, number(parts, 1), number(parts, 2), number(parts, 3));
    }

    private static long number(List<?> parts, int index) {
        return ((Number) parts.get(index)).longValue();
    }

    private Taken takeHere(ApiKey key, RateLimit rate) {
        if (local.size() > MAX_LOCAL) {
            local.clear();
        }
        return local.computeIfAbsent(key.id(), id -> new LocalBucket(rate, nanoTime.getAsLong()))
                .take(nanoTime.getAsLong());
    }

    /** The same for one process. */
    private static final class LocalBucket {
        private final double capacity;
        private final double perNanos;
        private double tokens;
        private long at;

        LocalBucket(RateLimit rate, long now) {
            this.capacity = rate.requests();
            this.perNanos = rate.per().toNanos();
            this.tokens = capacity;
            this.at = now;
        }

        synchronized Taken take(long now) {
            tokens = Math.min(capacity, tokens + Math.max(0, now - at) * capacity / perNanos);
            at = now;
            boolean granted = tokens >= 1;
            if (granted) {
                tokens--;
            }
            return new Taken(granted, (long) tokens, millis(capacity - tokens), granted ? 0 : millis(1 - tokens));
        }

        private long millis(double missing) {
            return (long) Math.ceil(missing * perNanos / capacity / 1e6);
        }
    }
}
