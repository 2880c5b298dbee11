package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RecentEntriesTest {
    private static final String EPOCH = "0123456789abcdef";

    private final FrameEncoder encoder = FrameEncoder.shared(() -> 17);
    private final RecentEntries recent = new RecentEntries(1_000_000);

    private LogEntry.Change change(long ms) {
        return new LogEntry.Change(new Cursor(EPOCH, id(ms)), TestEvents.event((int) ms), 0, encoder);
    }

    private static EntryId id(long ms) {
        return new EntryId(ms, 0);
    }

    private static List<EntryId> ids(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::id).toList();
    }

    @Test
    void what_came_after_an_entry_is_given_in_order_and_by_pages() {
        recent.restart(id(9));
        recent.add(change(10));
        recent.add(new LogEntry.Gap(id(20), GapReason.NODE_LOST));
        recent.add(new LogEntry.Silent(id(30)));
        recent.add(change(40));

        assertThat(recent.covers(id(8))).isFalse();
        assertThat(recent.covers(id(9))).isTrue();
        assertThat(ids(recent.after(id(9), 100))).containsExactly(id(10), id(20), id(30), id(40));
        assertThat(ids(recent.after(id(10), 2))).containsExactly(id(20), id(30));
        // A cursor may stand between two entries.
        assertThat(ids(recent.after(id(25), 2))).containsExactly(id(30), id(40));
        assertThat(recent.after(id(40), 2)).isEmpty();
    }

    @Test
    void the_oldest_are_forgotten_for_the_bytes_that_the_latest_take() {
        recent.restart(EntryId.ZERO);
        for (int ms = 1; ms <= 5_000; ms++) {
            recent.add(change(ms));
        }

        // Some 500 bytes each.
        assertThat(recent.covers(id(3_500))).isTrue();
        assertThat(recent.covers(id(1_000))).isFalse();
        assertThat(ids(recent.after(id(4_998), 10))).containsExactly(id(4_999), id(5_000));
        assertThat(recent.after(id(3_500), 5_000)).hasSize(1_500);
    }

    @Test
    void after_a_restart_nothing_of_what_was_before_is_given() {
        recent.restart(EntryId.ZERO);
        recent.add(change(10));

        recent.restart(id(5));
        recent.add(change(6));

        assertThat(recent.covers(id(4))).isFalse();
        assertThat(ids(recent.after(id(5), 10))).containsExactly(id(6));
    }

    @Test
    void without_room_for_one_entry_none_is_kept_and_the_place_is_known() {
        RecentEntries none = new RecentEntries(0);
        none.restart(EntryId.ZERO);
        none.add(change(10));

        assertThat(none.covers(id(9))).isFalse();
        assertThat(none.covers(id(10))).isTrue();
        assertThat(none.after(id(10), 10)).isEmpty();
    }

    /** It left the hub long ago; how long ago must not be taken for the time to the socket. */
    @Test
    void one_frame_is_shared_by_all_who_come_later_and_is_not_timed_again() {
        LogEntry.Change encoded = change(1);
        Frame frame = encoded.frame();
        recent.restart(EntryId.ZERO);
        recent.add(encoded);
        recent.add(change(2));

        List<LogEntry> entries = recent.after(EntryId.ZERO, 10);

        Frame later = ((LogEntry.Change) entries.get(0)).frame();
        assertThat(later.slab()).isSameAs(frame.slab());
        assertThat(later.duplicate()).isEqualTo(frame.duplicate());
        assertThat(later.sinceNanos()).isEqualTo(Frame.UNTIMED);
        // Nobody had wanted the other yet.
        Frame other = ((LogEntry.Change) entries.get(1)).frame();
        assertThat(other.isBehind(later)).isTrue();
        assertThat(other.sinceNanos()).isEqualTo(Frame.UNTIMED);
        assertThat(((LogEntry.Change) recent.after(EntryId.ZERO, 10).get(1)).frame())
                .isEqualTo(other);
    }
}
