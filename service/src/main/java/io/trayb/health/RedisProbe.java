package io.trayb.health;

import io.trayb.redis.EncryptionFailure;
import io.trayb.redis.RedisConnections;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/** Redis answers and can be written: a replica, or a full one that doesn't evict, answers PING all the same. */
public final class RedisProbe implements Probe {
    private static final String KEY = "trayb:health:probe";

    private final RedisConnections connections;
    private @Nullable UnifiedJedis client;

    public RedisProbe(RedisConnections connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public void probe() {
        try {
            UnifiedJedis open = open();
            open.ping();
            open.set(KEY, "1", SetParams.setParams().ex(60));
        } catch (JedisException e) {
            close();
            throw EncryptionFailure.sentence(e)
                    .<JedisException>map(sentence -> new JedisConnectionException(sentence, e))
                    .orElse(e);
        }
    }

    private UnifiedJedis open() {
        UnifiedJedis open = client;
        if (open == null) {
            open = connections.blocking(Duration.ZERO);
            client = open;
        }
        return open;
    }

    @Override
    public void close() {
        UnifiedJedis open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }
}
