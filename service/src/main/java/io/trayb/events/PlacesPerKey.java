package io.trayb.events;

import io.trayb.keys.Caller;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many streams and polls each key has open in this process, so that one key can't take all the places there are. The
 * built-in {@code local} key may: there is no other beside it. Thread-safe.
 */
final class PlacesPerKey {
    private final int limit;
    private final ConcurrentMap<String, Integer> taken = new ConcurrentHashMap<>();

    /** @param limit streams and polls of one key */
    PlacesPerKey(int limit) {
        this.limit = limit;
    }

    /** Takes a place, to be given back by {@link #giveBack}; false when the key has as many as it may. */
    boolean take(Caller caller) {
        int now = taken.merge(caller.name(), 1, Integer::sum);
        if (!isLimited(caller) || now <= limit) {
            return true;
        }
        giveBack(caller);
        return false;
    }

    /** Whether {@link #take} would be in vain now. */
    boolean isFull(Caller caller) {
        return isLimited(caller) && taken.getOrDefault(caller.name(), 0) >= limit;
    }

    private static boolean isLimited(Caller caller) {
        return caller.key() != null;
    }

    void giveBack(Caller caller) {
        taken.computeIfPresent(caller.name(), (name, places) -> places == 1 ? null : places - 1);
    }
}
