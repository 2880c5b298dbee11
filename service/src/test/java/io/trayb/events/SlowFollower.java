package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.testing.TestRedis;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.params.XAddParams;

/**
 * A client that follows events and takes none of them, until the log has forgotten what it hasn't read: so it loses a number
 * of events that it can tell, by what it is told and by what it gets.
 */
public final class SlowFollower implements AutoCloseable {
    /** Makes of these events more than the sockets' buffers on both sides hold. */
    private static final String PADDING = "x".repeat(4000);

    private static final int EVENTS = 4000;
    private static final int AT_ONCE = 100;
    private static final Pattern NUMBER = Pattern.compile("\"(?:n|dropped)\":(\\d+)");
    private static final String STREAM = "/api/v1/events?topic=queue:flood";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestRedis redis;
    private final SseReader slow;
    private final SseReader quick;

    private SlowFollower(TestRedis redis, SseReader slow, SseReader quick) {
        this.redis = redis;
        this.slow = slow;
        this.quick = quick;
    }

    /** Opens it on a service that has its log in this Redis, and hardly anything of it at hand ({@code events.recentBytes}). */
    public static SlowFollower open(int port, TestRedis redis) throws IOException {
        long others = active(redis);
        SseReader quick = SseReader.open(port, STREAM);
        await().atMost(PATIENCE).until(() -> active(redis) == others + 1);
        SseReader slow = SseReader.openWithoutReading(port, STREAM);
        await().atMost(PATIENCE).until(() -> active(redis) == others + 2);
        return new SlowFollower(redis, slow, quick);
    }

    /** How many streams the service says that it has. */
    private static long active(TestRedis redis) {
        String active = redis.client().hget("metrics:sse", "active");
        return active == null ? 0 : Long.parseLong(active);
    }

    /** Has events published as by another process, lets the log forget most of them, and reads on. Returns how many it lost. */
    public long lose() {
        for (int from = 0; from < EVENTS; from += AT_ONCE) {
            int to = from + AT_ONCE;
            publish(IntStream.range(from, to).boxed().toList());
            await().atMost(PATIENCE).until(() -> has(quick, to - 1));
        }
        redis.client().xtrim(RedisLog.KEY, 1, false);
        publish(List.of(EVENTS));
        slow.read();
        await().atMost(PATIENCE).until(() -> has(slow, EVENTS));
        long received = slow.events().stream()
                .filter(block -> block.event().equals("job.progress"))
                .count();
        long lost = EVENTS + 1 - received;
        assertThat(slow.gaps().stream().mapToLong(SlowFollower::number).sum())
                .as("what it is told that it lost")
                .isEqualTo(lost);
        return lost;
    }

    private void publish(List<Integer> numbers) {
        try (AbstractPipeline pipeline = redis.client().pipelined()) {
            for (int number : numbers) {
                Event event =
                        new Event("job.progress", "job", "flood", "{\"n\":" + number + ",\"log\":\"" + PADDING + "\"}");
                pipeline.xadd(
                        RedisLog.KEY,
                        XAddParams.xAddParams().noMkStream(),
                        LogEntry.fields(event, System.currentTimeMillis()));
            }
            pipeline.sync();
        }
    }

    private static boolean has(SseReader reader, int number) {
        List<String> data = reader.data();
        return !data.isEmpty() && data.get(data.size() - 1).startsWith("{\"n\":" + number + ",");
    }

    private static long number(SseReader.Block block) {
        Matcher matcher = NUMBER.matcher(block.data());
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    @Override
    public void close() throws IOException {
        slow.close();
        quick.close();
    }
}
