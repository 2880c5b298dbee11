package io.trayb.jobs;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that is kept, at one moment. Immutable; all times are by the database's clock.
 *
 * @param startsAt what an interval's ticks are counted from: when this timing was set
 * @param nextTickAt the first tick that nothing was done about yet; of a disabled schedule it may be long past
 * @param lastRunAt when it last submitted its job, or null
 * @param lastJobId the job that came of it: a new one, or the one that held the unique key; null before the first
 */
public record Schedule(
        ScheduleDefinition definition,
        Instant startsAt,
        Instant nextTickAt,
        @Nullable Instant lastRunAt,
        @Nullable UUID lastJobId,
        Instant createdAt) {

    /** When it runs next; null while it is disabled. */
    public @Nullable Instant nextRunAt() {
        return definition.enabled() ? nextTickAt : null;
    }
}
