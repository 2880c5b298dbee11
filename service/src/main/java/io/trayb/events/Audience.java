package io.trayb.events;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who follows one topic, and what they are to be handed next. Most follow no other, and get what has gathered as one {@link Run};
 * who follows several is given each event as it comes, since all of them together have one order. Not thread-safe: guarded by the
 * hub's lock.
 */
final class Audience {
    private final Set<Follower> ofThisAlone = new LinkedHashSet<>();
    private final Set<Follower> ofSeveral = new LinkedHashSet<>();
    private List<LogEntry.Change> gathered = new ArrayList<>();

    void add(Follower follower) {
        of(follower).add(follower);
    }

    void remove(Follower follower) {
        of(follower).remove(follower);
    }

    private Set<Follower> of(Follower follower) {
        return follower.subscription().topics().size() == 1 ? ofThisAlone : ofSeveral;
    }

    int size() {
        return ofThisAlone.size() + ofSeveral.size();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    Set<Follower> ofSeveral() {
        return ofSeveral;
    }

    /** Keeps an event for {@link #handOut}; says whether it is the first. */
    boolean gather(LogEntry.Change change) {
        gathered.add(change);
        return gathered.size() == 1;
    }

    /** Keeps nothing of it. */
    void forget() {
        gathered.clear();
    }

    /**
     * Hands what has gathered to those who follow this topic alone.
     *
     * @param before the hub's place before any of it
     */
    void handOut(Cursor before) {
        Run run = new Run(gathered);
        gathered = new ArrayList<>();
        for (Follower follower : ofThisAlone) {
            follower.give(run, before);
        }
    }
}
