package io.trayb.jobs.store;

import io.trayb.jobs.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/**
 * Where a job stands among those of its queue, type and priority. In the order of the database, whose ids are compared byte by
 * byte; {@link UUID#compareTo} compares them as signed numbers.
 *
 * @param readyAt to the microsecond, as the database keeps it
 */
public record Place(Instant readyAt, UUID id) implements Comparable<Place> {
    /** Before every job. */
    public static final Place FIRST = new Place(Instant.EPOCH, new UUID(0, 0));

    private static final Comparator<Place> ORDER = Comparator.comparing(Place::readyAt)
            .thenComparing(place -> place.id().toString());

    /** Before every job that became ready at that time or later. */
    public static Place before(Instant readyAt) {
        return new Place(readyAt, FIRST.id());
    }

    /** Where a job stands, or before that: one that lost its lease became ready again later than this says. */
    public static Place atMost(Job job) {
        Instant readyAt = job.runAt().isAfter(job.createdAt()) ? job.runAt() : job.createdAt();
        return new Place(readyAt, job.id());
    }

    /** Whichever comes first. */
    public Place orEarlier(Place other) {
        return compareTo(other) <= 0 ? this : other;
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
