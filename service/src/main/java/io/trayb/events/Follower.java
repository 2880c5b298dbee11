package io.trayb.events;

import io.trayb.http.RequestIds;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One client's way through the log, without a hole and without a repetition: it reads the log, or what of its end is at hand
 * (see {@link RecentEntries}), at the client's own pace until it has reached the hub, then takes what the hub hands out, and goes
 * back to reading when the client's queue is full.
 *
 * <p><b>Why nothing is missed or doubled.</b> {@code position} means: every entry up to it has been considered. The hub, too,
 * has a position, and moves it and hands the entry out under one lock.
 *
 * <ul>
 *   <li><i>Reading → live</i> happens under that lock, and only if {@code position} isn't before the hub's. So every entry
 *       after the hub's position will still be handed out, and every entry up to it has been read. What is handed out but
 *       not after {@code position}, because reading was ahead of the hub, is skipped.
 *   <li><i>Live → reading</i> happens under that lock at the entry that didn't fit, with {@code position} just before it; the
 *       first page starts with that entry.
 *   <li>While reading, {@code position} moves only after a page's entries were handed in, as far as they were taken.
 *   <li>A page tells whether its cursor was still inside the log, in the same atomic step (see {@link LogReader}); if not, a gap
 *       goes out before anything that follows.
 * </ul>
 *
 * <p>When handing out fails in the middle, whoever was live goes back to reading, from a place up to which it had considered
 * everything for certain.
 *
 * <p>The outlet has one writer at any time: while live the hub under its lock, while reading the one page that is under way.
 *
 * <p>Thread-safe. Fields are guarded by the hub's lock unless they say otherwise.
 */
final class Follower {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private enum Mode {
        BEHIND,
        LIVE,
        ENDED
    }

    private final Hub hub;
    private final Replayer replayer;
    private final Subscription subscription;
    private final Outlet outlet;
    private final EventObserver observer;
    private final ReconnectDelay reconnectDelay;

    /** Written under the lock; read without it where a late answer does no harm. */
    private volatile Mode mode = Mode.BEHIND;

    private Cursor position = Cursor.UNKNOWN;

    /** A page is being read, or will be after a pause. */
    private boolean reading;

    /** No page has been handed in yet: what is missing now went before this client came. Only reading changes it. */
    private volatile boolean resuming;

    /** How many entries the next page shall have. */
    private int pageSize = PageHandover.LARGEST_PAGE;

    private final OwedEvents owed;

    /** The hub's mark of the last event it offered, so that one on several topics is offered once. */
    long offered;

    /** Whether the hub has noted that this follower is to be flushed. */
    boolean touched;

    /** Of the request that it follows the log for, since pages are read on threads that all followers share. */
    private final @Nullable String requestId = RequestIds.current();

    /** Made on the thread of the request that it follows the log for. */
    Follower(
            Hub hub,
            Replayer replayer,
            Subscription subscription,
            Outlet outlet,
            ReconnectDelay reconnectDelay,
            EventObserver observer) {
        this.hub = Objects.requireNonNull(hub, "hub");
        this.replayer = Objects.requireNonNull(replayer, "replayer");
        this.subscription = Objects.requireNonNull(subscription, "subscription");
        this.owed = new OwedEvents(hub, subscription);
        this.outlet = Objects.requireNonNull(outlet, "outlet");
        this.reconnectDelay = Objects.requireNonNull(reconnectDelay, "reconnectDelay");
        this.observer = Objects.requireNonNull(observer, "observer");
    }

    Subscription subscription() {
        return subscription;
    }

    /** Begins at a cursor, or with what comes from now on. The outlet hears the position at once. Once only. */
    void start(@Nullable Cursor from) {
        hub.lock();
        try {
            hub.add(this);
            if (from == null) {
                position = hub.position();
                mode = Mode.LIVE;
            } else {
                position = from;
                if (!position.id().isAfter(hub.position().id())) {
                    goLiveIfNothingIsMissing();
                }
            }
            if (mode == Mode.BEHIND) {
                resuming = true;
                observer.replayStarted();
            }
            outlet.position(cursor());
            if (mode == Mode.LIVE) {
                outlet.flush(cursor(), true);
            }
        } finally {
            hub.unlock();
        }
        roomAvailable();
    }

    /** Ends it; the outlet is handed nothing that isn't already under way. */
    void end() {
        hub.lock();
        try {
            mode = Mode.ENDED;
            hub.remove(this);
        } finally {
            hub.unlock();
        }
    }

    /** The client took all that was queued: if there is more to read, read on. Never blocks on Redis. */
    void roomAvailable() {
        if (mode != Mode.BEHIND) {
            return;
        }
        hub.lock();
        try {
            if (mode != Mode.BEHIND || reading) {
                return;
            }
            reading = true;
        } finally {
            hub.unlock();
        }
        replayer.read(this);
    }

    /** Runs something with the present cursor while nothing can be handed out, if this follower is live; else says no. */
    boolean ifLive(Consumer<Cursor> action) {
        hub.lock();
        try {
            if (mode != Mode.LIVE) {
                return false;
            }
            action.accept(cursor());
            return true;
        } finally {
            hub.unlock();
        }
    }

    // What the hub calls, under its lock, on its one thread.

    /**
     * Takes events in a row, if they are for this client and new to it. What goes wrong here costs nobody else an event, nor this client:
     * it reads the log from where it stood.
     *
     * @param before the hub's place before any of them
     */
    void give(Run events, Cursor before) {
        try {
            take(events);
        } catch (RuntimeException | Error e) {
            failed(e, before);
        }
    }

    /** The same for a gap. */
    void give(LogEntry.Gap gap, Cursor before) {
        try {
            take(gap);
        } catch (RuntimeException | Error e) {
            failed(e, before);
        }
    }

    private void failed(Throwable e, Cursor before) {
        interrupted(before);
        touchIfIdle();
        RequestIds.during(requestId, () -> LOG.error("Handing events to a client failed, it reads the log instead", e));
    }

    private void take(Run events) {
        Run run = events.after(position).seenBy(subscription);
        if (run.isEmpty()) {
            return;
        }
        if (mode == Mode.BEHIND) {
            owed.add(run.size());
            return;
        }
        int taken = outlet.events(run);
        if (taken > 0) {
            position = run.get(taken - 1).cursor();
        }
        if (taken < run.size()) {
            fallBehind(position.at(run.get(taken).id().previous()));
            owed.begin(run.size() - taken);
        }
        hub.touch(this);
    }

    private void take(LogEntry.Gap gap) {
        Cursor cursor = hub.position().at(gap.id());
        if (mode != Mode.LIVE || !cursor.isAfter(position)) {
            return;
        }
        if (!tell(gap.reason(), cursor)) {
            fallBehind(position.at(gap.id().previous()));
            owed.begin(0);
        }
        hub.touch(this);
    }

    /** The hub has jumped over a part of the log, perhaps into another epoch. */
    void jumped(GapReason reason, Cursor to) {
        try {
            follow(reason, to);
        } catch (RuntimeException | Error e) {
            // From its own place the next page finds the same gap.
            failed(e, position);
        }
    }

    private void follow(GapReason reason, Cursor to) {
        if (mode == Mode.BEHIND) {
            owed.forget();
        }
        if (mode != Mode.LIVE || (reason == GapReason.TRIMMED && hasAllUpTo(to))) {
            return;
        }
        if (!tell(reason, to)) {
            // No room: position stays where it was, so that the next page finds the same gap.
            fallBehind(position);
            owed.forget();
        }
        hub.touch(this);
    }

    /** Handing out was broken off: of what came after this place, in the same epoch, some may not have got here. */
    void interrupted(Cursor before) {
        owed.forget();
        if (mode == Mode.LIVE) {
            fallBehind(before);
        }
    }

    /** Has it look for something to read, unless a page is under way: that one flushes when it is complete. */
    void touchIfIdle() {
        if (mode == Mode.BEHIND && !reading) {
            hub.touch(this);
        }
    }

    void flush() {
        touched = false;
        outlet.flush(cursor(), mode == Mode.LIVE);
    }

    private boolean tell(GapReason reason, Cursor cursor) {
        if (!outlet.gap(reason, OptionalLong.empty())) {
            return false;
        }
        observer.gapTold(reason);
        position = cursor;
        outlet.position(cursor);
        return true;
    }

    /** Who has read the log for itself may be ahead of the hub, and would be told the same events once more. */
    private boolean hasAllUpTo(Cursor cursor) {
        return cursor.sameEpoch(position) && !cursor.id().isAfter(position.id());
    }

    /** All up to here was considered; the last event taken may be much older, and no longer in the log. */
    private void fallBehind(Cursor considered) {
        mode = Mode.BEHIND;
        position = later(position, considered);
        observer.replayStarted();
    }

    private Cursor cursor() {
        return mode == Mode.LIVE && position.sameEpoch(hub.position()) ? later(position, hub.position()) : position;
    }

    private static Cursor later(Cursor one, Cursor other) {
        return one.id().isAfter(other.id()) ? one : other;
    }

    private void goLiveIfNothingIsMissing() {
        Cursor reached = hub.position();
        if (!position.sameEpoch(reached)) {
            return;
        }
        boolean atTheHub = position.id().compareTo(reached.id()) >= 0;
        if (atTheHub
                || (hub.recent().covers(position.id()) && hub.recent().isQuietAfter(position.id(), subscription))) {
            position = later(position, reached);
            mode = Mode.LIVE;
        }
    }

    // Reading: on a replay thread, one page at a time.

    void readPage(LogReader reader) {
        Cursor from;
        int size;
        hub.lock();
        try {
            if (mode != Mode.BEHIND) {
                return;
            }
            from = position;
            size = pageSize;
        } finally {
            hub.unlock();
        }
        try {
            handIn(from, page(reader, from, size));
        } catch (JedisException e) {
            // Redis is away. The stream stays open on its heartbeats, a poll is answered when its time is up.
            tryLater();
            RequestIds.during(requestId, () -> LOG.debug("The log couldn't be read from {}", from, e));
        } catch (RuntimeException | Error e) {
            // A lack of memory, or a defect of ours. What was handed over is kept account of: trying again loses
            // nothing, and
            // repeats at most the event at which it failed.
            tryLater();
            RequestIds.during(requestId, () -> LOG.error("Reading the log from {} failed", from, e));
        }
    }

    private LogPage page(LogReader reader, Cursor from, int size) {
        LogPage atHand;
        hub.lock();
        try {
            atHand = hub.pageAtHand(from, size);
        } finally {
            hub.unlock();
        }
        return atHand == null ? reader.read(from, size) : atHand;
    }

    private void tryLater() {
        try {
            outlet.stalled();
        } finally {
            replayer.readLater(this, reconnectDelay.next());
        }
    }

    private void handIn(Cursor from, LogPage page) {
        PageHandover handover = new PageHandover(page, from, subscription, outlet, observer);
        GapReason gap = page.gap();
        try {
            if (gap == null || tellGap(gap, page.lostUpTo())) {
                handover.run();
            } else {
                handover.stopBefore();
            }
        } catch (RuntimeException | Error e) {
            keep(handover);
            throw e;
        }
        reconnectDelay.reset();
        finishPage(handover);
    }

    private boolean tellGap(GapReason found, EntryId lostUpTo) {
        OptionalLong dropped = resuming ? OptionalLong.empty() : lost(found, lostUpTo);
        if (found == GapReason.TRIMMED && dropped.equals(OptionalLong.of(0))) {
            // All that was trimmed is what this client had.
            return true;
        }
        GapReason reason = !resuming && found == GapReason.TRIMMED ? GapReason.SLOW_CONSUMER : found;
        if (!outlet.gap(reason, dropped)) {
            return false;
        }
        observer.gapTold(reason);
        dropped.ifPresent(lost -> observer.dropped(reason, lost));
        hub.lock();
        try {
            owed.told(dropped);
        } finally {
            hub.unlock();
        }
        return true;
    }

    private OptionalLong lost(GapReason found, EntryId upTo) {
        hub.lock();
        try {
            return owed.lost(found, upTo);
        } finally {
            hub.unlock();
        }
    }

    /** What was handed over before something failed isn't handed over again. */
    private void keep(PageHandover handover) {
        hub.lock();
        try {
            resuming = resuming && handover.reached().equals(position);
            position = handover.reached();
            owed.forget();
        } finally {
            hub.unlock();
        }
    }

    private void finishPage(PageHandover handover) {
        Cursor reached = handover.reached();
        boolean waitForHub;
        hub.lock();
        try {
            if (mode != Mode.BEHIND) {
                return;
            }
            boolean sameEpoch = reached.sameEpoch(position);
            position = reached;
            pageSize = handover.sizeOfNext(pageSize);
            resuming = false;
            if (!sameEpoch) {
                owed.forget();
            }
            owed.handed(handover.handedUpTo(hub.position().id()), reached);
            if (!handover.isFull()) {
                goLiveIfNothingIsMissing();
            }
            // Nothing to read and yet not at the hub: one of the two is about to learn of a new epoch.
            waitForHub = mode == Mode.BEHIND && handover.isEmpty() && !handover.isFull();
            reading = waitForHub;
            if (mode == Mode.LIVE) {
                outlet.flush(cursor(), true);
                return;
            }
        } finally {
            hub.unlock();
        }
        outlet.flush(reached, false);
        if (waitForHub) {
            replayer.readLater(this, reconnectDelay.next());
        }
    }
}
