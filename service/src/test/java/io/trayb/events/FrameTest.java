package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FrameTest {
    private static final Cursor CURSOR = new Cursor("0123456789abcdef", new EntryId(7, 1));

    private static String text(Frame frame) {
        return UTF_8.decode(frame.duplicate()).toString();
    }

    @Test
    void an_event_has_its_cursor_its_name_and_one_line_of_data() {
        Event event = new Event("job.completed", "a", "default", "{\"at\":\"später\"}");

        assertThat(text(FrameEncoder.shared(System::nanoTime).event(CURSOR, event)))
                .isEqualTo("id: 0123456789abcdef-7-1\nevent: job.completed\ndata: {\"at\":\"später\"}\n\n");
    }

    @Test
    void shared_frames_are_direct_and_nobody_can_change_them() {
        Frame frame = FrameEncoder.shared(System::nanoTime).event(CURSOR, TestEvents.event(1));

        assertThat(frame.slab().isDirect()).isTrue();
        assertThatThrownBy(() -> frame.duplicate().put((byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void frames_of_one_slab_keep_their_bytes_when_more_are_carved_from_it_and_from_the_next() {
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            frames.add(encoder.event(CURSOR, TestEvents.event(i)));
        }

        for (int i = 0; i < 5000; i++) {
            assertThat(text(frames.get(i))).contains("\"n\":" + i + "}");
        }
    }

    @Test
    void an_event_larger_than_a_slab_has_a_buffer_of_its_own() {
        Event huge = new Event("job.progress", "a", "default", "\"" + "x".repeat(300_000) + "\"");

        assertThat(text(FrameEncoder.shared(System::nanoTime).event(CURSOR, huge)))
                .endsWith("xx\"\n\n");
    }

    @Test
    void a_gap_fires_an_event_but_moves_no_cursor() {
        assertThat(text(FrameEncoder.gap(GapReason.SLOW_CONSUMER, OptionalLong.of(12))))
                .isEqualTo("event: gap\ndata: {\"reason\":\"slow-consumer\",\"dropped\":12}\n\n");
        assertThat(text(FrameEncoder.gap(GapReason.LOG_LOST, OptionalLong.empty())))
                .isEqualTo("event: gap\ndata: {\"reason\":\"log-lost\",\"dropped\":null}\n\n");
    }

    @Test
    void a_position_moves_the_cursor_but_fires_nothing() {
        assertThat(text(FrameEncoder.position(CURSOR))).isEqualTo("id: 0123456789abcdef-7-1\n\n");
    }

    @Test
    void queued_frames_go_out_in_one_write_in_order_and_unharmed() {
        FrameQueue queue = new FrameQueue(10, 10_000);
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        Frame first = encoder.event(CURSOR, TestEvents.event(1));
        queue.offer(first);
        queue.offer(FrameEncoder.position(CURSOR));
        queue.offer(encoder.event(CURSOR, TestEvents.event(2)));

        FrameQueue.Write write = queue.next();

        assertThat(write.events()).isEqualTo(2);
        assertThat(UTF_8.decode(write.buffer()).toString())
                .startsWith(text(first))
                .contains("\"n\":2}");
        assertThat(queue.next()).isNull();
        assertThat(first.size()).isPositive();
    }

    @Test
    void events_that_were_encoded_one_after_the_other_go_out_in_one_write_without_being_copied() {
        FrameQueue queue = new FrameQueue(10_000, 10_000_000);
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            Frame frame = encoder.event(CURSOR, TestEvents.event(i));
            expected.append(text(frame));
            queue.offer(frame);
        }

        StringBuilder written = new StringBuilder();
        int writes = 0;
        int notCopied = 0;
        for (FrameQueue.Write write = queue.next(); write != null; write = queue.next()) {
            writes++;
            notCopied += write.buffer().isDirect() ? 1 : 0;
            assertThat(write.buffer().remaining()).isEqualTo(write.size());
            written.append(UTF_8.decode(write.buffer()));
        }

        assertThat(written.toString()).isEqualTo(expected.toString());
        assertThat(writes).isLessThan(10);
        assertThat(notCopied).isEqualTo(writes);
    }

    @Test
    void frames_that_lie_apart_are_copied_together_by_a_few_kilobytes_at_a_time() {
        FrameQueue queue = new FrameQueue(10_000, 10_000_000);
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            Frame frame = encoder.event(CURSOR, TestEvents.event(i));
            if (i % 2 == 0) {
                expected.append(text(frame));
                queue.offer(frame);
            }
        }

        StringBuilder written = new StringBuilder();
        for (FrameQueue.Write write = queue.next(); write != null; write = queue.next()) {
            assertThat(write.size()).isLessThanOrEqualTo(8 * 1024);
            assertThat(write.events()).isGreaterThan(1);
            written.append(UTF_8.decode(write.buffer()));
        }

        assertThat(written.toString()).isEqualTo(expected.toString());
    }

    @Test
    void a_queue_is_bounded_by_count_and_by_bytes_but_an_empty_one_takes_anything() {
        Frame frame = FrameEncoder.unshared().event(CURSOR, TestEvents.event(1));

        FrameQueue byCount = new FrameQueue(2, 1_000_000);
        assertThat(List.of(byCount.offer(frame), byCount.offer(frame), byCount.offer(frame)))
                .containsExactly(true, true, false);

        FrameQueue byBytes = new FrameQueue(100, frame.size() - 1);
        assertThat(List.of(byBytes.offer(frame), byBytes.offer(frame))).containsExactly(true, false);
    }

    @Test
    void a_queue_has_given_all_once_its_last_frame_is_out_and_takes_none_behind_it() {
        FrameQueue queue = new FrameQueue(10, 10_000);
        assertThat(queue.hasGivenAll()).isFalse();

        queue.end(FrameEncoder.close(CloseReason.DRAINED, 1_000));

        assertThat(queue.hasGivenAll()).isFalse();
        assertThat(queue.offer(FrameEncoder.comment())).isFalse();
        assertThat(queue.next()).isNotNull();
        assertThat(queue.hasGivenAll()).isTrue();
        assertThat(queue.next()).isNull();
    }

    @Test
    void a_run_of_events_takes_one_place_in_the_queue_and_counts_as_what_it_is() {
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        Run run = run(encoder, 0, 50);
        FrameQueue queue = new FrameQueue(60, 1_000_000);

        assertThat(queue.offer(run)).isEqualTo(50);
        assertThat(run.joined()).hasSize(1);
        // Room for ten more: the run is taken in part, as if each event came alone.
        Run more = run(encoder, 50, 70);
        assertThat(queue.offer(more)).isEqualTo(10);
        assertThat(queue.offer(more.get(10).frame())).isFalse();

        FrameQueue.Write write = queue.next();
        assertThat(write.events()).isEqualTo(60);
        assertThat(write.buffer().isDirect()).isTrue();
        assertThat(UTF_8.decode(write.buffer()).toString()).isEqualTo(text(encoder, 0, 60));
        assertThat(queue.next()).isNull();
        assertThat(queue.offer(run(encoder, 0, 60))).isEqualTo(60);
    }

    @Test
    void a_run_is_bounded_by_bytes_and_by_the_queues_end() {
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        Run run = run(encoder, 0, 10);
        FrameQueue queue = new FrameQueue(1_000, run.bytes() - 1);

        assertThat(queue.offer(run)).isEqualTo(9);
        queue.end(FrameEncoder.comment());

        assertThat(queue.offer(run)).isZero();
    }

    @Test
    void a_run_over_several_slabs_keeps_its_bytes_and_their_order() {
        FrameEncoder encoder = FrameEncoder.shared(System::nanoTime);
        Run run = run(encoder, 0, 2_000);
        FrameQueue queue = new FrameQueue(2_000, 10_000_000);

        assertThat(queue.offer(run)).isEqualTo(2_000);

        assertThat(run.joined()).hasSizeBetween(2, 10);
        assertThat(written(queue)).isEqualTo(text(encoder, 0, 2_000));
    }

    private static String written(FrameQueue queue) {
        StringBuilder written = new StringBuilder();
        for (FrameQueue.Write write = queue.next(); write != null; write = queue.next()) {
            written.append(UTF_8.decode(write.buffer()));
        }
        return written.toString();
    }

    private static Run run(FrameEncoder encoder, int from, int to) {
        return new Run(IntStream.range(from, to)
                .mapToObj(n -> new LogEntry.Change(CURSOR.at(new EntryId(n, 0)), TestEvents.event(n), 0, encoder))
                .toList());
    }

    private static String text(FrameEncoder encoder, int from, int to) {
        Run run = run(encoder, from, to);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < run.size(); i++) {
            text.append(text(run.get(i).frame()));
        }
        return text.toString();
    }
}
