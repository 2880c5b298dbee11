package io.trayb.redis;

import io.dropwizard.lifecycle.Managed;
import io.trayb.threads.Loop;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Says at the start what it would cost that Redis is set up as it is, and again when that changes, as after a failover to another
 * one. Owns the thread {@code trayb-redis-advisor}, which asks once an hour, and every few seconds until it has an answer.
 */
public final class RedisAdvisor implements Managed {
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration UNTIL_IT_ANSWERS = Duration.ofSeconds(5);

    private final UnifiedJedis redis;
    private final long logBytes;
    private final Consumer<String> warning;
    private final Loop loop = new Loop("redis-advisor", this::look);
    private final Set<String> told = new HashSet<>();

    /**
     * Asks nothing before {@link #start}.
     *
     * @param redis shared with others; not closed here
     * @param logBytes about how much memory the log of events takes when it is full
     * @param warning hears each piece of advice once
     */
    public RedisAdvisor(UnifiedJedis redis, long logBytes, Consumer<String> warning) {
        this.redis = redis;
        this.logBytes = logBytes;
        this.warning = warning;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(Duration.ofSeconds(1));
    }

    /** Looks once; returns how long until the next look. By one thread at a time. */
    Duration look() {
        String info;
        try {
            info = redis.info();
        } catch (JedisAccessControlException e) {
            tell("Redis lets this user not ask how it is set up (" + e.getMessage()
                    + "): allow INFO; the log of events needs it too");
            return EVERY;
        } catch (JedisException e) {
            // It is away, which the heartbeat tells.
            return UNTIL_IT_ANSWERS;
        }
        RedisAdvice.on(info, logBytes).forEach(this::tell);
        return EVERY;
    }

    private void tell(String advice) {
        if (told.add(advice)) {
            warning.accept(advice);
        }
    }
}
