package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PageHandoverTest {
    private static final Cursor BEFORE = new Cursor("0123456789abcdef", EntryId.ZERO);

    private final FrameEncoder encoder = FrameEncoder.shared(() -> 17);

    /** Has room for so many events. */
    private static final class SmallOutlet implements Outlet {
        private int room;

        private SmallOutlet(int room) {
            this.room = room;
        }

        @Override
        public boolean event(LogEntry.Change change) {
            return room-- > 0;
        }

        @Override
        public boolean gap(GapReason reason, OptionalLong dropped) {
            throw new AssertionError("no page has a gap");
        }

        @Override
        public void position(Cursor cursor) {
            // Nobody asks.
        }

        @Override
        public void flush(Cursor reached, boolean live) {
            throw new AssertionError("a handover flushes nothing");
        }

        @Override
        public void stalled() {
            throw new AssertionError("a handover reads nothing");
        }
    }

    private PageHandover handedOver(int entries, int room) {
        List<LogEntry> page = IntStream.rangeClosed(1, entries)
                .<LogEntry>mapToObj(
                        n -> new LogEntry.Change(BEFORE.at(new EntryId(n, 0)), TestEvents.event(n), 0, encoder))
                .toList();
        Cursor end = BEFORE.at(new EntryId(entries, 0));
        PageHandover handover = new PageHandover(
                new LogPage(null, page, end),
                BEFORE,
                new Subscription(List.of("jobs"), queue -> true),
                new SmallOutlet(room),
                new RecordingObserver());
        handover.run();
        return handover;
    }

    @Test
    void a_client_with_room_for_few_is_read_few_and_more_again_when_there_was_room_for_all() {
        PageHandover handover = handedOver(500, 40);
        assertThat(handover.reached().id()).isEqualTo(new EntryId(40, 0));
        assertThat(handover.isFull()).isTrue();
        assertThat(handover.sizeOfNext(500)).isEqualTo(40);

        assertThat(handedOver(40, 40).sizeOfNext(40)).isEqualTo(80);
        assertThat(handedOver(400, 400).sizeOfNext(400)).isEqualTo(500);
        // The log had no more: that says nothing about the client.
        assertThat(handedOver(3, 40).sizeOfNext(500)).isEqualTo(500);
    }

    @Test
    void a_client_without_any_room_is_still_read_a_page() {
        assertThat(handedOver(500, 0).sizeOfNext(500)).isEqualTo(16);
        assertThat(handedOver(0, 0).sizeOfNext(16)).isEqualTo(32);
    }
}
