package io.trayb.jobs.queue;

import io.trayb.testing.ThroughPgBouncer;
import org.junit.jupiter.api.Nested;

/** What is promised of the queue holds through PgBouncer too. */
class PooledQueueTest {
    @Nested
    @ThroughPgBouncer
    class Submissions extends SubmissionTest {}

    @Nested
    @ThroughPgBouncer
    class Queues extends JobQueueTest {}

    @Nested
    @ThroughPgBouncer
    class Leases extends JobLeasesTest {}

    @Nested
    @ThroughPgBouncer
    class LimitedStarts extends LimitedStartsTest {}

    @Nested
    @ThroughPgBouncer
    class RemoteWorkers extends RemoteWorkersTest {}

    @Nested
    @ThroughPgBouncer
    class States extends StateMachineTest {}

    /** By the shipped connect_query. */
    @Nested
    @ThroughPgBouncer
    class Plans extends PlansTest {}
}
