package io.trayb.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.uuid.Generators;
import io.trayb.database.Database;
import io.trayb.database.DatabaseConfiguration;
import io.trayb.database.Transactions;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.ScheduleDefinition;
import io.trayb.jobs.queue.Announcer;
import io.trayb.jobs.queue.JobAdditions;
import io.trayb.jobs.queue.JobObserver;
import io.trayb.jobs.queue.RecordedEvents;
import io.trayb.jobs.store.JobQueries;
import io.trayb.testing.OwnPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that goes away and comes back. */
class SchedulerOutageTest {
    @TempDir
    Path temporary;

    @Test
    void a_scheduler_goes_on_by_itself_when_the_database_is_back_and_no_tick_ran_twice() throws Exception {
        try (OwnPostgres postgres = new OwnPostgres(temporary.resolve("postgres"))) {
            Database database =
                    new Database(postgres.url(), DatabaseConfiguration.DEFAULT.pool(), new MetricRegistry());
            database.start();
            Transactions transactions = new Transactions(database.jdbi(), () -> {});
            JobAdditions additions = new JobAdditions(
                    transactions,
                    new Announcer(new RecordedEvents(), JobObserver.NONE),
                    Generators.timeBasedEpochGenerator()::generate);
            Timetable timetable = new Timetable(transactions, additions, ScheduleObserver.NONE);
            Scheduler scheduler = new Scheduler(timetable);
            scheduler.start();
            try {
                Schedule added = timetable.add(new ScheduleDefinition(
                        "s",
                        null,
                        Duration.ofSeconds(1),
                        "UTC",
                        MissedRuns.SKIP,
                        true,
                        JobSubmission.of("default", "noop", "null")));
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !jobs(transactions).isEmpty());

                int before = jobs(transactions).size();
                postgres.stop();
                postgres.start();

                // The pool's connections of before are dead, also those of this test.
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptionsInstanceOf(JdbiException.class)
                        .until(() -> jobs(transactions).size() >= before + 4);
                assertThat(scheduler.isAlive()).isTrue();
                assertThat(jobs(transactions))
                        .extracting(job -> Duration.between(added.startsAt(), job.createdAt())
                                .toSeconds())
                        .doesNotHaveDuplicates();
            } finally {
                scheduler.stop();
                database.stop();
            }
        }
    }

    private static List<Job> jobs(Transactions transactions) {
        return transactions.read(handle -> JobQueries.list(handle, new JobQueries.Filter(null, null, null, null, 500)));
    }
}
