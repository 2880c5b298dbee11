package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RecentEventsTest {
    private static final String EPOCH = "0123456789abcdef";
    private static final Subscription ALL = new Subscription(List.of("jobs"), queue -> true);

    private static LogEntry entry(long ms, String queue, String job) {
        Cursor cursor = new Cursor(EPOCH, new EntryId(ms, 0));
        return new LogEntry.Change(cursor, TestEvents.event(queue, job, 0), 0, FrameEncoder.unshared());
    }

    @Test
    void it_counts_by_topic_what_came_after_an_entry() {
        RecentEvents recent = new RecentEvents(2000);
        recent.restart(EntryId.ZERO);
        recent.add(entry(1, "mail", "a"));
        recent.add(entry(2, "mail", "b"));
        recent.add(entry(3, "print", "c"));

        assertThat(recent.countAfter(EntryId.ZERO, ALL)).isEqualTo(3);
        assertThat(recent.countAfter(new EntryId(2, 0), ALL)).isEqualTo(1);
        assertThat(recent.countAfter(EntryId.ZERO, new Subscription(List.of("queue:mail"), queue -> true)))
                .isEqualTo(2);
        assertThat(recent.countAfter(EntryId.ZERO, new Subscription(List.of("job:c", "job:b"), queue -> true)))
                .isEqualTo(2);
        assertThat(recent.countAfter(EntryId.ZERO, new Subscription(List.of("jobs"), "print"::equals)))
                .isEqualTo(1);
    }

    @Test
    void it_forgets_the_oldest_and_says_so() {
        RecentEvents recent = new RecentEvents(1500);
        recent.restart(EntryId.ZERO);
        for (int i = 1; i <= 4000; i++) {
            recent.add(entry(i, "mail", "a"));
        }

        assertThat(recent.covers(new EntryId(2500, 0))).isTrue();
        assertThat(recent.covers(new EntryId(2499, 0))).isFalse();
        assertThat(recent.countAfter(new EntryId(2500, 0), ALL)).isEqualTo(1500);
        assertThat(recent.countAfter(new EntryId(3990, 0), ALL)).isEqualTo(10);
    }

    @Test
    void a_gap_is_no_event_but_it_disturbs_everybodys_quiet() {
        RecentEvents recent = new RecentEvents(2000);
        recent.restart(EntryId.ZERO);
        recent.add(entry(1, "mail", "a"));
        Subscription other = new Subscription(List.of("queue:print"), queue -> true);
        assertThat(recent.isQuietAfter(EntryId.ZERO, other)).isTrue();
        assertThat(recent.isQuietAfter(EntryId.ZERO, ALL)).isFalse();

        recent.add(new LogEntry.Gap(new EntryId(2, 0), GapReason.NODE_LOST));

        assertThat(recent.isQuietAfter(EntryId.ZERO, other)).isFalse();
        assertThat(recent.countAfter(EntryId.ZERO, other)).isZero();
        assertThat(recent.isQuietAfter(new EntryId(2, 0), other)).isTrue();
    }
}
