package io.trayb.events;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Brings the Redis hash {@code metrics:sse} up to date, on a timer's thread of its own ({@code trayb-events-counters}), since it
 * waits for Redis: woken by the clock, stopped by {@link #stop()}.
 *
 * <p>{@code delivered} and {@code dropped} are added to. {@code active} is the sum of the processes' shares, which lie in a hash
 * beside it and expire: so it is right again after a process died, and after somebody emptied the hash. Best effort: while
 * Redis is away the numbers wait, and a number that was added although its answer got lost is added twice.
 */
final class SseCounters {
    static final String KEY = "metrics:sse";
    /** Its hash tag puts it where {@link #KEY} is, which has none: a script may use both in a cluster. */
    static final String SHARES_KEY = "{metrics:sse}:active";

    private static final Logger LOG = LoggerFactory.getLogger(SseCounters.class);
    private static final Duration PERIOD = Duration.ofSeconds(3);

    /** A share counts until its process has been silent for a few periods. */
    private static final Duration SHARE_LIFETIME = PERIOD.multipliedBy(5);

    private static final String ADD = """
            local counters, shares = KEYS[1], KEYS[2]
            local process, active, delivered, dropped, lifetime = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
            local now = tonumber(redis.call('TIME')[1])

            redis.call('HSET', shares, process, active .. ':' .. (now + lifetime))
            if active == '0' then redis.call('HDEL', shares, process) end

            local sum = 0
            local all = redis.call('HGETALL', shares)
            for i = 1, #all, 2 do
              local share, expiry = string.match(all[i + 1], '^(%d+):(%d+)$')
              if share and tonumber(expiry) >= now then
                sum = sum + tonumber(share)
              else
                redis.call('HDEL', shares, all[i])
              end
            end
            redis.call('HSET', counters, 'active', sum)
            redis.call('HINCRBY', counters, 'delivered', delivered)
            redis.call('HINCRBY', counters, 'dropped', dropped)
            return sum
            """;

    private final UnifiedJedis client;
    private final CountingObserver counts;
    private final String process;
    private final EventTimer timer = new EventTimer("trayb-events-counters");
    private long deliveredTold;
    private long droppedTold;

    /**
     * @param process tells this process's share from the others'
     */
    SseCounters(UnifiedJedis client, CountingObserver counts, String process) {
        this.client = Objects.requireNonNull(client, "client");
        this.counts = Objects.requireNonNull(counts, "counts");
        this.process = Objects.requireNonNull(process, "process");
    }

    void start() {
        timer.every(PERIOD, () -> tell(counts.active()));
    }

    /** Takes this process's share back, if Redis can be reached. */
    void stop() throws InterruptedException {
        timer.stop();
        tell(0);
    }

    private synchronized void tell(long active) {
        long delivered = counts.delivered();
        long dropped = counts.dropped();
        try {
            client.eval(
                    ADD,
                    List.of(KEY, SHARES_KEY),
                    List.of(
                            process,
                            Long.toString(active),
                            Long.toString(delivered - deliveredTold),
                            Long.toString(dropped - droppedTold),
                            Long.toString(SHARE_LIFETIME.toSeconds())));
            deliveredTold = delivered;
            droppedTold = dropped;
        } catch (JedisException e) {
            // The next round tells what this one couldn't.
            LOG.debug("The counters in Redis couldn't be brought up to date", e);
        }
    }
}
