package io.trayb.events;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import io.trayb.testing.TestRedis;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SlowReaderTest {
    private static final String STREAM = "/api/v1/events?topic=jobs";
    private static final Pattern NUMBER = Pattern.compile("\"n\":(\\d+)");
    private static final Pattern DROPPED = Pattern.compile("\"dropped\":(\\d+)");

    /** Makes a few thousand events more than what the sockets' buffers on both sides hold. */
    private static final String PADDING = "x".repeat(4000);

    private static final int STUCK = 10;
    private static final int STEP = 500;
    private static final int OTHERS = Boolean.getBoolean("trayb.long") ? 1_000 : 8;

    private TestRedis redis;

    @BeforeEach
    void start() {
        redis = TestRedis.own();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private static List<Event> large(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n ->
                        new Event("job.progress", "job", "default", "{\"n\":" + n + ",\"log\":\"" + PADDING + "\"}"))
                .toList();
    }

    private static List<Integer> numbers(SseReader reader) {
        return reader.events().stream()
                .filter(block -> block.event().equals("job.progress"))
                .map(block -> (int) number(NUMBER, block.data()))
                .toList();
    }

    private static long number(Pattern pattern, String data) {
        Matcher matcher = pattern.matcher(data);
        assertThat(matcher.find()).as(data).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void who_falls_behind_reads_the_log_at_its_own_pace_and_loses_nothing_and_slows_nobody() throws Exception {
        try (TestNode node = new TestNode(redis, TestEvents.configured(100_000, 100, 20, Duration.seconds(30)));
                SseReader slow = openUnread(node);
                SseReader quick = SseReader.open(node.port(), STREAM)) {
            await().until(() -> !quick.blocks().isEmpty());

            publish(node, 0, 3000);

            await().until(() -> numbers(quick).size() == 3000);
            assertThat(numbers(quick)).isEqualTo(range(0, 3000));
            assertThat(node.observer().replays.get()).isPositive();
            assertThat(numbers(slow)).isEmpty();

            slow.read();
            await().atMost(ofSeconds(20)).until(() -> numbers(slow).size() >= 3000);
            node.events().publish(large(3000, 3010));
            await().until(() -> numbers(slow).size() >= 3010);
            assertThat(numbers(slow)).isEqualTo(range(0, 3010));
            assertThat(slow.gaps()).isEmpty();
            assertThat(node.observer().dropped).isEmpty();
        }
    }

    @Test
    void what_the_log_no_longer_has_is_counted_and_told_before_any_later_id() throws Exception {
        try (TestNode node = new TestNode(redis, TestEvents.configured(300, 100, 20, Duration.seconds(30)));
                SseReader slow = openUnread(node)) {
            publish(node, 0, 5000);
            await().until(() -> node.observer().published.get() == 5000);

            slow.read();
            await().atMost(ofSeconds(20))
                    .until(() -> !slow.gaps().isEmpty() && numbers(slow).contains(4999));

            int next = 0;
            long dropped = 0;
            boolean unknown = false;
            for (SseReader.Block block : slow.events()) {
                if (block.event().equals("gap")) {
                    // On a machine so busy that the node itself fell behind this short log, nobody knows the number.
                    unknown = block.data().endsWith("\"dropped\":null}");
                    assertThat(block.data())
                            .containsPattern(unknown ? "\"(slow-consumer|trimmed)\"" : "\"slow-consumer\"");
                    if (unknown) {
                        continue;
                    }
                    long told = number(DROPPED, block.data());
                    assertThat(told).isPositive();
                    dropped += told;
                    next += (int) told;
                } else {
                    // Each event once and in order, or inside a gap that was told before, with its very number.
                    int number = (int) number(NUMBER, block.data());
                    assertThat(number).isGreaterThanOrEqualTo(next);
                    assertThat(unknown || number == next)
                            .as("%s after %s", number, next)
                            .isTrue();
                    next = number + 1;
                    unknown = false;
                }
            }
            assertThat(next).isEqualTo(5000);
            assertThat(node.observer().dropped.getOrDefault(GapReason.SLOW_CONSUMER, 0L))
                    .isEqualTo(dropped);
        }
    }

    @Test
    void a_client_that_takes_nothing_at_all_is_cut_off() throws Exception {
        try (TestNode node = new TestNode(redis, TestEvents.configured(100_000, 100, 20, Duration.milliseconds(700)));
                SseReader dead = openUnread(node)) {
            publish(node, 0, 3000);

            await().until(() -> node.observer().closed.getOrDefault(CloseReason.WRITE_TIMEOUT, 0L) == 1);
            assertThat(node.observer().openStreams.get()).isZero();
            assertThat(dead.status()).isZero();
        }
    }

    /** What nobody takes is kept once, in the log, and not for each that doesn't take it. */
    @Test
    void readers_that_stopped_reading_cost_no_heap_and_no_event_of_the_others() throws Exception {
        List<AutoCloseable> readers = new ArrayList<>();
        // A log so short that what this node itself remembers of it doesn't grow any more; the end of it is at hand.
        try (TestNode node = new TestNode(
                redis, TestEvents.configured(2_000, 2_000, 1_000, DataSize.mebibytes(8), Duration.minutes(5)))) {
            await().until(() -> node.observer().reachable);
            for (int i = 0; i < STUCK; i++) {
                readers.add(SseReader.openWithoutReading(node.port(), STREAM));
            }
            List<CountingReader> others = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                others.add(new CountingReader(node.port(), STREAM));
            }
            readers.addAll(others);
            await().until(() -> node.observer().openStreams.get() == STUCK + OTHERS);
            publishAsRead(node, 0, 2_500, others);
            long before = usedHeap();

            publishAsRead(node, 2_500, 5_500, others);

            // 12 MB have gone by, and by each of those that are stuck.
            assertThat(usedHeap() - before).isLessThan(8L << 20);
        } finally {
            for (AutoCloseable reader : readers) {
                reader.close();
            }
        }
    }

    /** In steps that the log has room for: none of them falls behind so far that it can't catch up. */
    private static void publishAsRead(TestNode node, int from, int to, List<CountingReader> readers) {
        for (int step = from; step < to; step += STEP) {
            int until = step + STEP;
            publish(node, step, until);
            await().atMost(ofMinutes(1)).until(() -> readers.stream().allMatch(reader -> reader.events() == until));
        }
    }

    /** After a collection. */
    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static SseReader openUnread(TestNode node) throws Exception {
        await().until(() -> node.observer().reachable);
        SseReader reader = SseReader.openWithoutReading(node.port(), STREAM);
        await().until(() -> node.observer().openStreams.get() >= 1);
        return reader;
    }

    private static void publish(TestNode node, int from, int to) {
        for (int i = from; i < to; i += 100) {
            int until = Math.min(to, i + 100);
            node.events().publish(large(i, until));
            await().pollInterval(ofMillis(1))
                    .until(() -> node.observer().published.get() >= until);
        }
    }
}
