package io.trayb.keys.api;

import io.trayb.http.ProblemException;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Caller;
import io.trayb.keys.RateLimit;
import io.trayb.keys.api.TokenBuckets.Taken;
import io.trayb.monitoring.catalog.RefusedRequests.Reason;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.LongSupplier;
import redis.clients.jedis.UnifiedJedis;

/**
 * Holds keys to their rate limits and says in each answer how much is left, in the fields of the IETF's
 * draft-ietf-httpapi-ratelimit-headers. Thread-safe; a key without a limit costs nothing.
 */
public final class RateLimiter {
    private final TokenBuckets buckets;

    /** @param nanoTime a monotonic clock */
    public RateLimiter(UnifiedJedis redis, LongSupplier nanoTime) {
        this.buckets = new TokenBuckets(redis, nanoTime);
    }

    /** @throws ProblemException 429 when the key has made as many requests as it may */
    void count(Caller caller, HttpServletResponse response) {
        ApiKey key = caller.key();
        RateLimit rate = key == null ? null : key.rate();
        if (key == null || rate == null) {
            return;
        }
        Taken taken = buckets.take(key, rate);
        response.setHeader(
                "RateLimit-Policy",
                "\"key\";q=" + rate.requests() + ";w=" + rate.per().toSeconds());
        response.setHeader("RateLimit", "\"key\";r=" + taken.remaining() + ";t=" + seconds(taken.fullInMs()));
        if (!taken.granted()) {
            throw ProblemException.of(
                            429,
                            "This API key may make " + rate.requests() + " requests in "
                                    + rate.per().toSeconds() + " s, and has made them; see Retry-After")
                    .withHeader("Retry-After", Long.toString(Math.max(1, seconds(taken.retryInMs()))))
                    .because(Reason.RATE);
        }
    }

    /** Whole ones, rounded up. */
    private static long seconds(long ms) {
        return (ms + 999) / 1000;
    }
}
