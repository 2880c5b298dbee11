package io.trayb.health;

import io.trayb.redis.EncryptionFailure;
import io.trayb.redis.RedisConnections;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/** Redis answers and can be written: a replica, or a full one that doesn't evict, answers PING all the same. */
public final class RedisProbe implements Probe {
    private static final String KEY = "trayb:health:probe";
    /** How the answers begin by which it says that it won't take writes, however often it is asked. */
    private static final Set<String> NO_WRITES = Set.of("READONLY", "OOM", "MISCONF", "NOREPLICAS");

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
    public void probe() throws ProbeFailure {
        try {
            UnifiedJedis open = open();
            open.ping();
            open.set(KEY, "1", SetParams.setParams().ex(60));
        } catch (JedisException e) {
            close();
            throw failure(e);
        }
    }

    private static ProbeFailure failure(JedisException thrown) {
        Optional<String> encryption = EncryptionFailure.sentence(thrown);
        if (encryption.isPresent()) {
            return ProbeFailure.passing("no encrypted connection to it comes about", encryption.get(), thrown);
        }
        if (thrown instanceof JedisAccessControlException) {
            return ProbeFailure.passing("it doesn't let us in", thrown);
        }
        return thrown instanceof JedisDataException && takesNoWrites(thrown)
                ? ProbeFailure.settled("it answers, and takes no writes", thrown)
                : ProbeFailure.passing("it is out of reach, has too much to do, or doesn't answer in time", thrown);
    }

    /** It is a replica, full, or can't write its file. Others of its answers pass by themselves: busy, loading, too many clients. */
    private static boolean takesNoWrites(JedisException answered) {
        String answer = String.valueOf(answered.getMessage());
        return NO_WRITES.stream().anyMatch(answer::startsWith);
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
