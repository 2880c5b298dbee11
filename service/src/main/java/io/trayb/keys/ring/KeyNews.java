package io.trayb.keys.ring;

import io.dropwizard.lifecycle.Managed;
import io.trayb.threads.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Tells all processes that keys have changed, over Redis, and hears of it. A hint: what is missed is found by looking.
 * Thread-safe.
 *
 * <p>Owns the thread {@code trayb-key-news}, which waits in Redis. A server that is gone without a word leaves it waiting, until
 * the connection's keep-alive finds out.
 */
public final class KeyNews implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeyNews.class);
    private static final String CHANNEL = "{trayb}:keys";
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final UnifiedJedis redis;
    private final Supplier<Connection> connections;
    private final Runnable onNews;
    private final Loop loop = new Loop("key-news", this::listen);
    private volatile @Nullable Connection current;
    private volatile boolean stopping;

    /**
     * @param redis tells
     * @param connections makes connections to hear on; throws what Jedis throws when Redis is out of reach
     * @param onNews called when keys have changed, or may have; must return at once
     */
    public KeyNews(UnifiedJedis redis, Supplier<Connection> connections, Runnable onNews) {
        this.redis = redis;
        this.connections = connections;
        this.onNews = onNews;
    }

    /** Tells everybody. Never throws. */
    public void tell() {
        try {
            redis.publish(CHANNEL, "changed");
        } catch (JedisException e) {
            LOGGER.debug("Others find the changed keys when they look, Redis is away", e);
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        stopping = true;
        loop.endAfterRound();
        Connection waiting = current;
        if (waiting != null) {
            try {
                waiting.forceDisconnect();
            } catch (IOException e) {
                LOGGER.debug("Disconnecting from Redis failed", e);
            }
        }
        loop.stop(PAUSE);
    }

    private Duration listen() {
        try (Connection connection = connections.get()) {
            current = connection;
            if (!stopping) {
                new Listener().proceed(connection, CHANNEL);
            }
        } catch (JedisException e) {
            LOGGER.debug("Not hearing of changed keys at once, Redis is away", e);
        } finally {
            current = null;
        }
        return PAUSE;
    }

    private final class Listener extends JedisPubSub {
        /** What was told before is missed. */
        @Override
        public void onSubscribe(String channel, int subscribed) {
            onNews.run();
        }

        @Override
        public void onMessage(String channel, String message) {
            onNews.run();
        }
    }
}
