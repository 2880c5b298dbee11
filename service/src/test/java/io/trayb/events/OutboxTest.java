package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OutboxTest {
    private static List<Outbox.Pending> pending(List<Event> events) {
        return events.stream().map(event -> new Outbox.Pending(event, 17)).toList();
    }

    @Test
    void what_does_not_fit_is_counted_and_owed_as_a_gap() throws InterruptedException {
        Outbox outbox = new Outbox(3);

        assertThat(outbox.offer(TestEvents.events(0, 5), 17)).isEqualTo(2);

        Outbox.Batch batch = outbox.take(10, 0);
        assertThat(batch.gaps()).containsExactly(GapReason.LOG_LOST);
        assertThat(batch.events()).isEqualTo(pending(TestEvents.events(0, 3)));
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void a_gap_that_is_owed_twice_is_told_once() throws InterruptedException {
        Outbox outbox = new Outbox(3);
        outbox.owe(Set.of(GapReason.NODE_LOST));
        outbox.owe(Set.of(GapReason.NODE_LOST));

        assertThat(outbox.take(10, 0).gaps()).containsExactly(GapReason.NODE_LOST);
        assertThat(outbox.take(10, 0).isEmpty()).isTrue();
    }

    @Test
    void events_come_out_in_order_and_in_batches() throws InterruptedException {
        Outbox outbox = new Outbox(100);
        outbox.offer(TestEvents.events(0, 10), 17);

        assertThat(outbox.take(4, 0).events()).isEqualTo(pending(TestEvents.events(0, 4)));
        assertThat(outbox.take(100, 0).events()).isEqualTo(pending(TestEvents.events(4, 10)));
    }

    @Test
    void what_is_put_back_comes_first_again_and_leaves_no_room_that_it_needs() throws InterruptedException {
        Outbox outbox = new Outbox(4);
        outbox.owe(Set.of(GapReason.NODE_LOST));
        outbox.offer(TestEvents.events(0, 3), 17);
        Outbox.Batch taken = outbox.take(10, 0);
        outbox.offer(TestEvents.events(3, 6), 17);

        outbox.putBack(taken);

        assertThat(outbox.offer(TestEvents.events(6, 7), 17)).isEqualTo(1);
        Outbox.Batch again = outbox.take(10, 0);
        assertThat(again.gaps()).containsExactlyInAnyOrder(GapReason.NODE_LOST, GapReason.LOG_LOST);
        assertThat(again.events()).isEqualTo(pending(TestEvents.events(0, 6)));
    }
}
