package io.trayb.jobs.schedule;

import io.trayb.database.Transactions;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.ScheduleDefinition;
import io.trayb.jobs.queue.JobAdditions;
import io.trayb.jobs.store.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Keeps the schedules. Each method is one transaction; the database's clock says what time it is. Thread-safe.
 *
 * <p>Every method throws {@link org.jdbi.v3.core.JdbiException} when the database is out of reach;
 * what was asked is then done whole or not at all, and which can be read once it is back.
 */
public final class Timetable {
    /** How many schedules a database holds at most: all of them may be due in the same second. */
    public static final int MAX_SCHEDULES = 10_000;

    private final Transactions transactions;
    private final DueRuns due;
    private final int capacity;

    public Timetable(Transactions transactions, JobAdditions additions, ScheduleObserver observer) {
        this(transactions, additions, observer, MAX_SCHEDULES);
    }

    Timetable(Transactions transactions, JobAdditions additions, ScheduleObserver observer, int capacity) {
        this.transactions = transactions;
        this.due = new DueRuns(additions, observer);
        this.capacity = capacity;
    }

    /**
     * Adds a schedule. An interval's first tick is one interval from now.
     *
     * @throws ScheduleConflict if there is one of this name, or no room
     * @throws RuntimeException as {@link Ticks#of} does
     */
    public Schedule add(ScheduleDefinition definition) {
        return transactions.run(handle -> {
            long kept = Schedules.lockAdding(handle);
            if (Schedules.find(handle, definition.name()).isPresent()) {
                throw ScheduleConflict.taken(definition.name());
            }
            if (kept >= capacity) {
                throw ScheduleConflict.full(capacity);
            }
            Instant now = Schedules.clock(handle);
            return Schedules.insert(handle, definition, now, firstTick(definition, now, now))
                    .orElseThrow(() -> ScheduleConflict.taken(definition.name()));
        });
    }

    /**
     * Replaces the schedule of that name; empty if a filter lets none pass. One whose timing stays the same goes on where it is; another
     * timing begins now.
     *
     * @throws RuntimeException as {@link Ticks#of} does
     */
    public Optional<Schedule> replace(ScheduleDefinition definition, Schedules.QueueFilter filter) {
        return transactions.run(handle -> {
            Optional<Schedule> before = Schedules.lock(handle, definition.name(), filter);
            return before.map(schedule -> replace(handle, schedule, definition));
        });
    }

    /** The same without a filter. */
    public Optional<Schedule> replace(ScheduleDefinition definition) {
        return replace(definition, Schedules.QueueFilter.ALL);
    }

    public Optional<Schedule> find(String name) {
        return find(name, Schedules.QueueFilter.ALL);
    }

    /** The one of that name, if a filter lets it pass. */
    public Optional<Schedule> find(String name, Schedules.QueueFilter filter) {
        return transactions.read(handle -> Schedules.find(handle, name, filter));
    }

    /** By name, from the first that comes after this text. */
    public List<Schedule> list(String after, int limit) {
        return list(after, limit, Schedules.QueueFilter.ALL);
    }

    /** Those that a filter lets pass, by name, from the first that comes after this text. */
    public List<Schedule> list(String after, int limit, Schedules.QueueFilter filter) {
        return transactions.read(handle -> Schedules.list(handle, after, limit, filter));
    }

    /** Removes a schedule; returns whether there was one. Jobs that it has submitted stay. */
    public boolean remove(String name) {
        return remove(name, Schedules.QueueFilter.ALL);
    }

    /** Removes a schedule; returns whether there was one that a filter lets pass. Jobs that it has submitted stay. */
    public boolean remove(String name, Schedules.QueueFilter filter) {
        return transactions.statement(handle -> Schedules.remove(handle, name, filter));
    }

    /**
     * Submits the jobs of up to {@code limit} schedules that are due, and sets each schedule's next tick, in one transaction;
     * schedules that another process is just at are left to it. Returns how many were dealt with.
     */
    public int runDue(int limit) {
        return due.run(limit);
    }

    /** How long until the next one is due; zero or less if one is due already, empty if none ever is. */
    public Optional<Duration> untilNextDue() {
        return transactions.read(Schedules::untilNext);
    }

    private static Schedule replace(Handle handle, Schedule before, ScheduleDefinition definition) {
        // Read after the lock was had: whatever ticked until now has been dealt with.
        Instant now = Schedules.clock(handle);
        if (!definition.hasTimingOf(before.definition())) {
            return Schedules.replace(handle, definition, now, firstTick(definition, now, now));
        }
        return Schedules.replace(handle, definition, before.startsAt(), goOn(before, definition, now));
    }

    /** What was missed while it was disabled is let go here, or left for the next run to make up for. */
    private static Instant goOn(Schedule before, ScheduleDefinition definition, Instant now) {
        boolean enabledAgain = definition.enabled() && !before.definition().enabled();
        boolean letGo = enabledAgain
                && definition.missedRuns() == MissedRuns.SKIP
                && before.nextTickAt().isBefore(now);
        return letGo ? firstTick(definition, before.startsAt(), now) : before.nextTickAt();
    }

    private static Instant firstTick(ScheduleDefinition definition, Instant startsAt, Instant now) {
        return Ticks.of(definition, startsAt)
                .after(now)
                .orElseThrow(() -> new IllegalArgumentException("schedule " + definition.name() + " has no tick"));
    }
}
