package io.trayb.jobs.queue;

import io.trayb.database.Transactions;
import io.trayb.jobs.Job;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.store.Floors;
import io.trayb.jobs.store.Floors.Level;
import io.trayb.jobs.store.Heads;
import io.trayb.jobs.store.Heads.Head;
import io.trayb.jobs.store.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/**
 * Remembers where this process's claims have got to, so that they don't pass by again what is dead and can't be cleaned away
 * since somebody's transaction is old (see decision 0011). As long as looking costs nothing there are no floors, and claims look
 * from the beginning.
 *
 * <p>What comes in below a floor is found by looks, {@link #look}: each second from where the floors were some seconds ago, and
 * from the very beginning as often as that takes no more than a twentieth of the time. What this process itself puts back
 * lowers the floor at once. Floors that no look has confirmed for a minute and a half are not believed.
 *
 * <p>Thread-safe, but only one thread at a time looks.
 */
final class ScanFloors {
    /**
     * What claims begin with.
     *
     * @param lowerings how often a floor had been lowered by then: a claim that began before that doesn't raise any
     */
    record Start(Floors floors, long lowerings) {}

    /** Some 200 dead entries: a claim costs more than that. */
    private static final Duration DEAR = Duration.ofNanos(100_000);
    /** No floor comes nearer to the present: what becomes ready is committed a little later than it says. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Looks, and so seconds, that the frequent look goes back. */
    private static final int BACK = 5;
    /** The part of the time that looks from the beginning may take. */
    private static final int FULL_LOOK_SHARE = 20;

    /** Longer than a look may take. */
    private static final Duration BELIEVED_FOR = Duration.ofSeconds(90);

    private static final int PRIORITIES = 10;

    private final Transactions transactions;
    private final LongSupplier nanoTime;
    /** Used by the thread that looks. */
    private final Deque<Map<Level, Place>> history = new ArrayDeque<>();

    private final Map<Level, Place> floors = new HashMap<>();
    private long lowerings;
    private Start start = new Start(Floors.NONE, 0);
    private volatile long nextFullLook;
    private volatile long confirmedAt;

    /** @param nanoTime a monotonic clock */
    ScanFloors(Transactions transactions, LongSupplier nanoTime) {
        this.transactions = transactions;
        this.nanoTime = nanoTime;
        this.nextFullLook = nanoTime.getAsLong();
        this.confirmedAt = nanoTime.getAsLong();
    }

    /** Where a claim is to begin. */
    synchronized Start start() {
        return nanoTime.getAsLong() - confirmedAt < BELIEVED_FOR.toNanos() ? start : new Start(Floors.NONE, lowerings);
    }

    /** Raises floors: before what a claim has started nothing waits, but for what others are at. */
    synchronized void claimed(Start began, List<LeasedJob> started) {
        // What is on its last life was started out of its turn: nothing was passed to get to it.
        List<LeasedJob> inTurn =
                started.stream().filter(lease -> !lease.lastLife()).toList();
        if (floors.isEmpty() || inTurn.isEmpty() || lowerings != began.lowerings()) {
            return;
        }
        Map<Level, Place> last = new HashMap<>();
        Map<Level, Integer> deepest = new HashMap<>();
        Instant now = Instant.MIN;
        for (LeasedJob lease : inTurn) {
            Job job = lease.job();
            last.merge(level(job), Place.atMost(job), (one, other) -> one.compareTo(other) > 0 ? one : other);
            deepest.merge(new Level(job.queue(), job.type(), 0), job.priority(), Math::max);
            now = job.startedAt() != null && job.startedAt().isAfter(now) ? job.startedAt() : now;
        }
        Place present = Place.before(now.minus(MARGIN));
        boolean raised = false;
        for (Map.Entry<Level, Place> floor : floors.entrySet()) {
            Level level = floor.getKey();
            int reached = deepest.getOrDefault(new Level(level.queue(), level.type(), 0), -1);
            // What goes first was passed through before the claim got to what it has started of a later priority.
            Place passed = level.priority() < reached ? present : last.getOrDefault(level, Place.FIRST);
            Place raisedTo = passed.orEarlier(present);
            if (raisedTo.compareTo(floor.getValue()) > 0) {
                floor.setValue(raisedTo);
                raised = true;
            }
        }
        if (raised) {
            start = new Start(Floors.of(floors), lowerings);
        }
    }

    /** Lowers floors to where these jobs stand, which this process has just put back. */
    synchronized void returned(Collection<Job> jobs) {
        boolean lowered = false;
        for (Job job : jobs) {
            Place floor = floors.get(level(job));
            Place place = Place.atMost(job);
            if (floor != null && place.compareTo(floor) < 0) {
                floors.put(level(job), place);
                lowered = true;
            }
        }
        if (lowered) {
            lowerings++;
            start = new Start(Floors.of(floors), lowerings);
        }
    }

    /**
     * Finds what has come in below the floors, raises those below which there is nothing, and sets some where claims would
     * pass by much in vain.
     *
     * @param types the types that are claimed
     * @return how long until the next look
     * @throws org.jdbi.v3.core.JdbiException when the database is out of reach
     */
    Duration look(Collection<String> types) {
        long began = nanoTime.getAsLong();
        if (began - nextFullLook >= 0) {
            lookFromTheBeginning(types, began);
        } else {
            lookFromBefore();
        }
        synchronized (this) {
            history.addLast(Map.copyOf(floors));
        }
        if (history.size() > BACK) {
            history.removeFirst();
        }
        confirmedAt = began;
        return LOOK_EVERY;
    }

    private void lookFromTheBeginning(Collection<String> types, long began) {
        Start before = current();
        List<Head> heads;
        try {
            heads = transactions.read(handle -> Heads.lookPatiently(handle, everything(handle, types)));
        } finally {
            // Should it fail, the frequent looks go on meanwhile.
            Duration pause = Duration.ofNanos(nanoTime.getAsLong() - began).multipliedBy(FULL_LOOK_SHARE);
            nextFullLook = began + (pause.compareTo(LOOK_EVERY) < 0 ? LOOK_EVERY : pause).toNanos();
        }
        List<Head> dear =
                heads.stream().filter(head -> head.took().compareTo(DEAR) > 0).toList();
        synchronized (this) {
            floors.keySet().retainAll(dear.stream().map(Head::level).toList());
            takeOver(dear, before);
        }
    }

    private static Map<Level, Place> everything(Handle handle, Collection<String> types) {
        Map<Level, Place> everything = new LinkedHashMap<>();
        for (String queue : Heads.queues(handle)) {
            for (String type : types) {
                for (int priority = 0; priority < PRIORITIES; priority++) {
                    everything.put(new Level(queue, type, priority), Place.FIRST);
                }
            }
        }
        return everything;
    }

    private void lookFromBefore() {
        Start before = current();
        Map<Level, Place> from = new HashMap<>(before.floors().places());
        if (!from.isEmpty()) {
            history.forEach(then -> then.forEach(
                    (level, place) -> from.computeIfPresent(level, (same, floor) -> floor.orEarlier(place))));
            List<Head> heads = transactions.read(handle -> Heads.look(handle, from));
            synchronized (this) {
                takeOver(heads, before);
            }
        }
    }

    /** @param before how the floors were when the look began */
    private void takeOver(List<Head> heads, Start before) {
        boolean lowered = false;
        for (Head head : heads) {
            Place floor = floors.get(head.level());
            Place found = place(head);
            Place then = before.floors().places().get(head.level());
            if (floor == null || then == null) {
                floors.put(head.level(), found);
            } else if (found.compareTo(then) < 0) {
                floors.put(head.level(), found.orEarlier(floor));
                lowered = true;
            } else if (lowerings == before.lowerings() && found.compareTo(floor) > 0) {
                floors.put(head.level(), found);
            }
        }
        lowerings += lowered ? 1 : 0;
        start = new Start(Floors.of(floors), lowerings);
    }

    private synchronized Start current() {
        return start;
    }

    private static Place place(Head head) {
        Place present = Place.before(head.lookedAt().minus(MARGIN));
        return head.first() == null ? present : head.first().orEarlier(present);
    }

    private static Level level(Job job) {
        return new Level(job.queue(), job.type(), job.priority());
    }
}
