package io.trayb.keys.ring;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** When keys were used last, until that is written. Thread-safe. */
final class LastUses {
    /** Finer than anybody wants to know, and coarse enough that a busy key's cores don't write the same place all the time. */
    private static final long STEP_MS = 1000;

    private final InstantSource clock;
    private final ConcurrentMap<String, Long> uses = new ConcurrentHashMap<>();

    LastUses(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes a use, now. */
    void used(String id) {
        long now = clock.millis();
        Long before = uses.get(id);
        if (before == null || Math.abs(now - before) >= STEP_MS) {
            uses.put(id, now);
        }
    }

    /** What was noted since the last call; the caller gives it back if it couldn't be written. */
    Map<String, Long> take() {
        Map<String, Long> taken = new HashMap<>(uses);
        taken.forEach(uses::remove);
        return taken;
    }

    void giveBack(Map<String, Long> unwritten) {
        unwritten.forEach((id, at) -> uses.merge(id, at, Math::max));
    }
}
