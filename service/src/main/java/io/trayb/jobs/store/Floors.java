package io.trayb.jobs.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where a claim begins to look: for some levels, the place before which nothing waits as far as is known. Whatever isn't named
 * here is looked at from its beginning. Immutable.
 */
public final class Floors {
    /** Jobs of one queue, type and priority: the waiting index has them in a row. */
    public record Level(String queue, String type, int priority) {}

    /** Everything is looked at from its beginning. */
    public static final Floors NONE = new Floors(Map.of());

    /** One more than the last priority. */
    private static final int PRIORITIES = 10;

    private final Map<Level, Place> places;
    private final String stretches;

    private Floors(Map<Level, Place> places) {
        this.places = Map.copyOf(places);
        this.stretches = stretches(places);
    }

    public static Floors of(Map<Level, Place> places) {
        return places.isEmpty() ? NONE : new Floors(places);
    }

    /** The floor of each level that has one. */
    public Map<Level, Place> places() {
        return places;
    }

    /**
     * What the claim's statement reads, as JSON: for each queue and type that has floors, the stretches of the index that are to
     * be looked at, in order. A stretch is where it begins (priority, time, id) and the priority before which it ends; levels
     * without a floor belong to the stretch that begins before them, so that there is one probe for each floor and not for
     * each priority.
     */
    String stretches() {
        return stretches;
    }

    private static String stretches(Map<Level, Place> places) {
        List<Level> levels = new ArrayList<>(places.keySet());
        levels.sort(Comparator.comparing(Level::queue)
                .thenComparing(Level::type)
                .thenComparing(Level::priority, Comparator.reverseOrder()));
        ObjectNode queues = JsonNodeFactory.instance.objectNode();
        int until = PRIORITIES;
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            ArrayNode ofType = queues.withObject(level.queue()).withArray(level.type());
            // From the last to the first, since each ends where the next one begins.
            Place place = places.getOrDefault(level, Place.FIRST);
            ofType.insert(0, stretch(level.priority(), place, until));
            until = level.priority();
            if (i + 1 == levels.size() || !isSameType(level, levels.get(i + 1))) {
                if (until > 0) {
                    ofType.insert(0, stretch(0, Place.FIRST, until));
                }
                until = PRIORITIES;
            }
        }
        return queues.toString();
    }

    private static boolean isSameType(Level one, Level other) {
        return one.queue().equals(other.queue()) && one.type().equals(other.type());
    }

    private static ArrayNode stretch(int priority, Place from, int until) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(priority)
                .add(from.readyAt().toString())
                .add(from.id().toString())
                .add(until);
    }
}
