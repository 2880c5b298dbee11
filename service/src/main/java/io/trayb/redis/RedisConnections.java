package io.trayb.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Makes clients of one Redis. Thread-safe, and so are the clients; whoever asks for one closes it.
 *
 * <p>A plain client opens its connections when they are needed, so it can be made while Redis is away. A Sentinel client
 * asks the Sentinels at once and throws {@link redis.clients.jedis.exceptions.JedisException} when none of them answers or
 * knows the primary.
 */
public final class RedisConnections {
    private final RedisUrl url;
    private final RedisConfiguration configuration;
    /** Null where nothing is encrypted. */
    private final @Nullable SslOptions encryption;

    public RedisConnections(RedisUrl url, RedisConfiguration configuration) {
        this.url = url;
        this.configuration = configuration;
        TrustedCertificates trusted = configuration.caFile();
        SslOptions ofUrl = trusted == null ? SslOptions.defaults() : trusted.options();
        this.encryption = url.tls() ? ofUrl : null;
    }

    public RedisUrl url() {
        return url;
    }

    /** For commands that answer at once: a pool, short time-outs, no waiting for long when the pool is empty. */
    public UnifiedJedis shared() {
        return client("trayb", configuration.maxConnections(), millis(configuration.commandTimeout()));
    }

    /**
     * For one loop that waits in Redis, such as {@code XREAD BLOCK}: one connection of its own, so that it never holds one of
     * the shared.
     *
     * @param longestBlock how long a command blocks at most; the answer may take the usual time on top
     */
    public UnifiedJedis blocking(Duration longestBlock) {
        return client(
                "trayb-blocking",
                1,
                Math.addExact((int) longestBlock.toMillis(), millis(configuration.commandTimeout())));
    }

    /**
     * One connection for whoever speaks to Redis by hand; it isn't replaced when it breaks.
     *
     * @param longestBlock how long a command blocks at most; the answer may take the usual time on top
     * @throws redis.clients.jedis.exceptions.JedisException when Redis, or every Sentinel, is out of reach
     */
    public Connection dedicated(Duration longestBlock) {
        return new Connection(primary(), credentials("trayb-dedicated", answerMillis(longestBlock)));
    }

    /** Where the primary is at the moment. */
    private HostAndPort primary() {
        if (!url.sentinel()) {
            return url.hosts().get(0);
        }
        JedisException last = new JedisConnectionException("no Sentinel knows the primary " + url.master());
        for (HostAndPort sentinel : url.hosts()) {
            try (Jedis jedis = new Jedis(sentinel, sentinelClient())) {
                List<String> address = jedis.sentinelGetMasterAddrByName(url.requireMaster());
                if (address != null) {
                    return new HostAndPort(address.get(0), Integer.parseInt(address.get(1)));
                }
            } catch (JedisException e) {
                last = e;
            }
        }
        throw last;
    }

    private UnifiedJedis client(String name, int connections, int answerMillis) {
        if (!url.sentinel()) {
            return RedisClient.builder()
                    .hostAndPort(url.hosts().get(0))
                    .clientConfig(credentials(name, answerMillis))
                    .poolConfig(pool(connections))
                    .build();
        }
        return RedisSentinelClient.builder()
                .masterName(url.requireMaster())
                .sentinels(Set.copyOf(url.hosts()))
                .sentinelClientConfig(sentinelClient())
                .clientConfig(credentials(name, answerMillis))
                .poolConfig(pool(connections))
                .build();
    }

    private JedisClientConfig credentials(String name, int answerMillis) {
        return signIn(name)
                .user(url.user())
                .password(url.password())
                .database(url.database())
                .socketTimeoutMillis(answerMillis)
                .blockingSocketTimeoutMillis(answerMillis)
                .build();
    }

    private JedisClientConfig sentinelClient() {
        return signIn("trayb-sentinel")
                .socketTimeoutMillis(millis(configuration.commandTimeout()))
                .build();
    }

    private int answerMillis(Duration longestBlock) {
        return Math.toIntExact(longestBlock.toMillis() + millis(configuration.commandTimeout()));
    }

    private DefaultJedisClientConfig.Builder signIn(String name) {
        DefaultJedisClientConfig.Builder client = DefaultJedisClientConfig.builder()
                .clientName(name)
                .connectionTimeoutMillis(millis(configuration.connectTimeout()));
        return encryption == null ? client : client.sslOptions(encryption);
    }

    private GenericObjectPoolConfig<Connection> pool(int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        pool.setMaxWait(Duration.ofMillis(millis(configuration.commandTimeout())));
        // A pool that registers itself fails the second time in one JVM, and nobody reads it there.
        pool.setJmxEnabled(false);
        return pool;
    }

    private static int millis(io.dropwizard.util.Duration duration) {
        return Math.toIntExact(duration.toMilliseconds());
    }
}
