package io.trayb.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.http.BodyBudget.Share;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int KIB = 1024;
    private static final int MOST = 10 * KIB;

    private final BodyBudget budget = new BodyBudget(MOST);

    @Test
    void who_is_furthest_behind_makes_room() {
        Share behind = open(4 * KIB, SECOND);
        Share furthestBehind = open(4 * KIB, 0);

        Share quick = budget.open(2 * SECOND);
        assertThat(add(quick, 4 * KIB, 2 * SECOND)).isTrue();

        assertThat(furthestBehind.hasEnded()).isTrue();
        assertThat(behind.hasEnded()).isFalse();
        assertThat(budget.taken()).isEqualTo(8 * KIB);
    }

    @Test
    void of_those_that_are_as_far_behind_the_oldest_makes_room() {
        Share oldest = open(4 * KIB, 0);
        Share younger = open(4 * KIB, 0);

        assertThat(add(budget.open(SECOND), 4 * KIB, SECOND)).isTrue();

        assertThat(oldest.hasEnded()).isTrue();
        assertThat(younger.hasEnded()).isFalse();
    }

    @Test
    void as_many_make_room_as_are_needed() {
        List<Share> shares = List.of(open(3 * KIB, 0), open(3 * KIB, 1), open(3 * KIB, 2));

        assertThat(add(budget.open(SECOND), 6 * KIB, SECOND)).isTrue();

        assertThat(shares).extracting(Share::hasEnded).containsExactly(true, true, false);
    }

    @Test
    void nobody_makes_room_for_one_that_is_no_less_behind() {
        Share slow = open(4 * KIB, 0);
        Share other = open(6 * KIB, SECOND);

        assertThat(add(slow, KIB, 3 * SECOND / 2)).isFalse();
        assertThat(add(budget.open(SECOND), 7 * KIB, SECOND))
                .as("no less than the other")
                .isFalse();

        assertThat(other.hasEnded()).isFalse();
    }

    @Test
    void nobody_is_refused_in_vain() {
        Share slow = open(2 * KIB, 0);
        requireNonNull(open(8 * KIB, 0).handOver(true));

        assertThat(add(budget.open(SECOND), 4 * KIB, SECOND)).isFalse();

        assertThat(slow.hasEnded()).isFalse();
        assertThat(budget.taken()).isEqualTo(MOST);
    }

    @Test
    void nobody_loses_what_is_being_read() {
        Queue<Content.Chunk> read = requireNonNull(open(8 * KIB, 0).handOver(true));

        assertThat(add(budget.open(SECOND), 4 * KIB, SECOND)).isFalse();

        assertThat(bytes(read)).hasSize(8 * KIB);
    }

    @Test
    void one_that_has_lost_its_share_is_told_so_whatever_it_wants() {
        Share slow = open(8 * KIB, 0);
        assertThat(add(budget.open(SECOND), 8 * KIB, SECOND)).isTrue();

        assertThat(add(slow, 1, SECOND)).isFalse();
        assertThat(slow.handOver(true)).isNull();
        assertThat(budget.taken()).isEqualTo(8 * KIB);
    }

    @Test
    void memory_is_given_back_piece_by_piece_as_it_is_read_and_once_only() {
        Share share = budget.open(0);
        add(share, 2 * KIB, 0);
        add(share, 3 * KIB, 0);

        Queue<Content.Chunk> chunks = requireNonNull(share.handOver(true));
        assertThat(budget.taken()).isEqualTo(5 * KIB);
        Content.Chunk first = chunks.remove();
        first.release();
        assertThat(budget.taken()).isEqualTo(3 * KIB);
        Content.Chunk second = chunks.remove();
        assertThat(second.isLast()).isTrue();
        share.end();
        assertThat(budget.taken()).isZero();
        second.release();
        assertThat(budget.taken()).isZero();
        assertThat(chunks).isEmpty();
    }

    @Test
    void bytes_that_come_one_by_one_are_packed_and_what_is_allocated_for_them_is_counted() {
        Share share = budget.open(0);
        for (int i = 0; i < 5_000; i++) {
            assertThat(share.add(ByteBuffer.wrap(new byte[] {(byte) i}), 0)).isTrue();
        }

        assertThat(share.came()).isEqualTo(5_000);
        assertThat(budget.taken()).isEqualTo(5 * KIB);
        Queue<Content.Chunk> chunks = requireNonNull(share.handOver(true));
        assertThat(chunks).hasSize(5);
        assertThat(bytes(chunks)).isEqualTo(counting(5_000));
        assertThat(budget.taken()).isZero();
    }

    @Test
    void threads_that_fight_for_memory_leave_all_bodies_whole_and_nothing_taken() throws Exception {
        int threads = 8;
        AtomicInteger done = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                ends.add(executor.submit(() -> {
                    for (int round = 0; round < 500; round++) {
                        together.await(30, TimeUnit.SECONDS);
                        if (gathers(4 * KIB)) {
                            done.incrementAndGet();
                        }
                        assertThat(budget.taken()).isBetween(0L, (long) MOST);
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(done).hasPositiveValue();
        assertThat(budget.taken()).isZero();
    }

    /** Whether a body of that length got all the memory that it needed; fails if that was mixed up. */
    private boolean gathers(int length) {
        byte[] body = counting(length);
        Share share = budget.open(System.nanoTime());
        for (int from = 0; from < length; from += 700) {
            if (!share.add(ByteBuffer.wrap(body, from, Math.min(700, length - from)), System.nanoTime())) {
                share.end();
                return false;
            }
        }
        Queue<Content.Chunk> chunks = share.handOver(true);
        if (chunks != null) {
            assertThat(bytes(chunks)).isEqualTo(body);
        }
        share.end();
        return chunks != null;
    }

    /** A share of that size that nothing was added to since then. */
    private Share open(int size, long nowNanos) {
        Share share = budget.open(nowNanos);
        assertThat(add(share, size, nowNanos)).isTrue();
        return share;
    }

    private static boolean add(Share share, int size, long nowNanos) {
        return share.add(ByteBuffer.allocate(size), nowNanos);
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static byte[] bytes(Queue<Content.Chunk> chunks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Content.Chunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            byte[] piece = new byte[chunk.remaining()];
            chunk.getByteBuffer().get(piece);
            bytes.writeBytes(piece);
            chunk.release();
        }
        return bytes.toByteArray();
    }
}
