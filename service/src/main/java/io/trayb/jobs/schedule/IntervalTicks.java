package io.trayb.jobs.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code startsAt + n · every}, n from 1: however late a run was, the next one's time isn't moved by it.
 *
 * @param startsAt in whole milliseconds, as {@code every} is
 */
record IntervalTicks(Instant startsAt, Duration every) implements Ticks {
    @Override
    public Optional<Instant> after(Instant moment) {
        long passed = Math.floorDiv(Duration.between(startsAt, moment).toMillis(), every.toMillis());
        return Optional.of(startsAt.plusMillis(Math.max(1, passed + 1) * every.toMillis()));
    }
}
