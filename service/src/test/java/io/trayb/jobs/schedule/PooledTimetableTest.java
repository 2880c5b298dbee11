package io.trayb.jobs.schedule;

import io.trayb.testing.ThroughPgBouncer;

/** What is promised of schedules holds through PgBouncer too. */
@ThroughPgBouncer
class PooledTimetableTest extends TimetableTest {}
