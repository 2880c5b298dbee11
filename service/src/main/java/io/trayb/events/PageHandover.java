package io.trayb.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** Hands one page's entries to one client's outlet, as far as it takes them. Not thread-safe: for one page, on one thread. */
final class PageHandover {
    /** Small enough that the first events of a long replay go out at once, large enough that the round trip doesn't count. */
    static final int LARGEST_PAGE = 500;

    private static final int SMALLEST_PAGE = 16;

    private final LogPage page;
    private final Subscription subscription;
    private final Outlet outlet;
    private final EventObserver observer;
    private final List<EntryId> handed = new ArrayList<>();
    private Cursor reached;
    private int considered;
    private boolean full;

    /**
     * @param from where the client stands before this page
     */
    PageHandover(LogPage page, Cursor from, Subscription subscription, Outlet outlet, EventObserver observer) {
        this.page = Objects.requireNonNull(page, "page");
        this.reached = Objects.requireNonNull(from, "from");
        this.subscription = Objects.requireNonNull(subscription, "subscription");
        this.outlet = Objects.requireNonNull(outlet, "outlet");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    /** The page begins with a gap that the outlet had no room for: nothing after it may be handed over. */
    void stopBefore() {
        full = true;
    }

    /** Hands over what fits, and the position reached, unless the last event's id says it. */
    void run() {
        if (page.gap() != null) {
            reached = page.end().at(page.lostUpTo());
        }
        boolean lastSaysIt = page.gap() == null;
        for (LogEntry entry : page.entries()) {
            boolean wanted = entry instanceof LogEntry.Change change && subscription.wants(change.event());
            if (!(wanted || entry instanceof LogEntry.Gap) || handOver(entry)) {
                reached = page.end().at(entry.id());
                lastSaysIt = wanted;
                considered++;
            } else {
                full = true;
                break;
            }
        }
        if (page.entries().isEmpty()) {
            reached = page.end();
        }
        if (!lastSaysIt) {
            outlet.position(reached);
        }
    }

    private boolean handOver(LogEntry entry) {
        if (entry instanceof LogEntry.Change change) {
            if (!outlet.event(change)) {
                return false;
            }
            handed.add(change.id());
        } else if (entry instanceof LogEntry.Gap gap) {
            if (!outlet.gap(gap.reason(), OptionalLong.empty())) {
                return false;
            }
            observer.gapTold(gap.reason());
        }
        return true;
    }

    /** Everything up to here was considered, and what the client wants of it handed over. */
    Cursor reached() {
        return reached;
    }

    /** Whether the outlet had no room for all of the page. */
    boolean isFull() {
        return full;
    }

    /**
     * How many entries the next page shall have: what there was room for, and more again once there was room for all. A queue of a
     * megabyte has room for sixteen of the largest events, and whoever read five hundred for it each time would read them thirty times.
     *
     * @param size how many this page was to have
     */
    int sizeOfNext(int size) {
        return full ? Math.max(considered, SMALLEST_PAGE) : Math.min(2 * size, LARGEST_PAGE);
    }

    /** Whether the page had nothing to hand over or to skip. */
    boolean isEmpty() {
        return page.entries().isEmpty();
    }

    /** How many of the events handed over are not after this entry. */
    long handedUpTo(EntryId id) {
        return handed.stream().filter(event -> !event.isAfter(id)).count();
    }
}
