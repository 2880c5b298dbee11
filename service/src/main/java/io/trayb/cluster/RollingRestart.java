package io.trayb.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces all processes, one after the other: the next only when the one before it has ended and the new one is ready. One that
 * can't be replaced ends it, and so does a new one that has ended before all are replaced: what is wrong with the first is wrong with
 * all. Not thread-safe.
 */
final class RollingRestart {
    private static final Logger LOGGER = LoggerFactory.getLogger(RollingRestart.class);

    private final List<Slot> slots;
    private final Deque<Slot> waiting = new ArrayDeque<>();
    private final List<Slot> replaced = new ArrayList<>();
    private @Nullable Slot replacing;
    private boolean asked;

    RollingRestart(List<Slot> slots) {
        this.slots = List.copyOf(slots);
    }

    /** Begins; one that is under way is finished first, and all begins once more. */
    void ask() {
        if (asked || replacing != null) {
            LOGGER.info("A rolling restart is under way; the next begins after it");
        }
        asked = true;
    }

    /** Does what is next; never waits. */
    void look() {
        if (replacing != null) {
            if (replacing.isReplacing()) {
                return;
            }
            replaced.add(replacing);
            replacing = null;
            endIfOver();
        }
        if (waiting.isEmpty() && asked) {
            asked = false;
            LOGGER.info("Restarting {} processes, one after the other", slots.size());
            replaced.clear();
            waiting.addAll(slots);
        }
        replacing = waiting.poll();
        if (replacing != null) {
            replacing.replace();
        }
    }

    private void endIfOver() {
        Optional<Slot> failed =
                replaced.stream().filter(Slot::hasReplacementFailed).findFirst();
        if (failed.isPresent()) {
            waiting.clear();
            LOGGER.error(
                    "The rolling restart ends here: {} couldn't be replaced by a process that stays",
                    failed.get().name());
        } else if (waiting.isEmpty()) {
            LOGGER.info("The rolling restart is done");
        }
    }

    /** Forgets about it. */
    void stop() {
        asked = false;
        waiting.clear();
        replacing = null;
    }
}
