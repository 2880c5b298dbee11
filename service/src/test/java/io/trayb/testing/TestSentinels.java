package io.trayb.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisSentinel;

/** Real Sentinels, three of which two must agree, that watch over a primary and its replicas. */
public final class TestSentinels implements AutoCloseable {
    private static final String MASTER = "trayb";
    private static final int SENTINELS = 3;
    private static final int QUORUM = 2;
    /** A replica is found by asking the primary, which is done every ten seconds. */
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(30);

    private static final int DOWN_AFTER_MS = 1_000;

    private final List<Integer> ports = new ArrayList<>();
    private final List<RedisSentinel> sentinels = new ArrayList<>();

    /** Starts them and awaits that each knows the replicas and the other Sentinels. */
    public TestSentinels(TestRedis primary, int replicas) {
        this(primary);
        awaitAcquainted(replicas);
    }

    /** Starts them, without waiting for what they find out; until then they replace nobody. */
    TestSentinels(TestRedis primary) {
        for (int i = 0; i < SENTINELS; i++) {
            int port = TestRedis.freePort();
            try {
                RedisSentinel sentinel = RedisSentinel.newRedisSentinel()
                        .bind("127.0.0.1")
                        .port(port)
                        .masterName(MASTER)
                        .masterPort(primary.port())
                        .quorumSize(QUORUM)
                        .downAfterMilliseconds(DOWN_AFTER_MS)
                        .failOverTimeout(5_000L)
                        .parallelSyncs(1)
                        .build();
                sentinel.start();
                sentinels.add(sentinel);
                ports.add(port);
            } catch (IOException e) {
                close();
                throw new UncheckedIOException("a test's Sentinel didn't start", e);
            }
        }
    }

    /** Waits until each knows the replicas and the other Sentinels. */
    void awaitAcquainted(int replicas) {
        await().atMost(FOUND_WITHIN).until(() -> ports.stream().allMatch(port -> knows(port, replicas)));
    }

    private static boolean knows(int port, int replicas) {
        try (Jedis sentinel = new Jedis("127.0.0.1", port)) {
            return sentinel.sentinelReplicas(MASTER).size() == replicas
                    && sentinel.sentinelMaster(MASTER)
                            .get("num-other-sentinels")
                            .equals("" + (SENTINELS - 1));
        }
    }

    /** In the form of {@code REDIS_URL}. */
    public String url() {
        return ports.stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(",", "redis+sentinel://", "/" + MASTER));
    }

    /** Where the primary is, as one of them says. */
    public int primaryPort() {
        try (Jedis sentinel = new Jedis("127.0.0.1", ports.get(0))) {
            return Integer.parseInt(sentinel.sentinelGetMasterAddrByName(MASTER).get(1));
        }
    }

    @Override
    public void close() {
        UncheckedIOException failed = null;
        for (RedisSentinel sentinel : sentinels) {
            try {
                sentinel.stop();
            } catch (IOException e) {
                // The others are to be stopped all the same.
                failed = new UncheckedIOException("a test's Sentinel didn't stop", e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
