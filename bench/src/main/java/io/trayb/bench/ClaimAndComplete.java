package io.trayb.bench;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.trayb.database.Database;
import io.trayb.database.DatabaseConfiguration;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.Transactions;
import io.trayb.jobs.Finish;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.LeasedJob;
import io.trayb.jobs.Outcome;
import io.trayb.jobs.store.Claims;
import io.trayb.jobs.store.Floors;
import io.trayb.jobs.store.Outcomes;
import io.trayb.jobs.store.Processes;
import io.trayb.jobs.store.Submissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The statements of the queue alone, one connection, no HTTP and no events: what a job costs in the database. */
record ClaimAndComplete(DatabaseUrl url, int jobs, int batch) implements Measurement {
    private static final String QUEUE = "bench-statements";
    /** A type that the running service knows no handler for, so that it leaves these jobs to us. */
    private static final String TYPE = "bench-statements";

    @Override
    public String title() {
        return "statements alone, " + batch + " jobs each";
    }

    @Override
    public List<Figure> run() throws Exception {
        Database database = new Database(url, DatabaseConfiguration.DEFAULT.pool(), new MetricRegistry());
        database.start();
        try {
            return measure(new Transactions(database.jdbi(), () -> {}));
        } finally {
            database.stop();
        }
    }

    private List<Figure> measure(Transactions transactions) {
        NoArgGenerator ids = Generators.timeBasedEpochGenerator();
        long process = transactions.statement(
                handle -> Processes.register(handle, "bench", false, List.of(), Duration.ofMinutes(5)));
        transactions.statement(handle -> {
            Submissions.addQueues(handle, List.of(QUEUE));
            return true;
        });
        long inserting = 0;
        long claiming = 0;
        long completing = 0;
        for (int done = 0; done < jobs; done += batch) {
            List<Submissions.Entry> entries = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                entries.add(new Submissions.Entry(ids.generate(), JobSubmission.of(QUEUE, TYPE, "null")));
            }
            long begun = System.nanoTime();
            transactions.statement(handle -> Submissions.insert(handle, entries));
            long inserted = System.nanoTime();
            List<LeasedJob> claimed = transactions.statement(
                    handle -> Claims.claim(handle, process, "bench", Set.of(TYPE), Floors.NONE, "", batch, batch));
            long started = System.nanoTime();
            if (claimed.size() != batch) {
                throw new IllegalStateException("claimed " + claimed.size() + " of " + batch + " jobs");
            }
            List<Finish> finishes = claimed.stream()
                    .sorted(Comparator.comparing(lease -> lease.job().id()))
                    .map(lease -> new Finish(lease, new Outcome.Completed(null), null))
                    .toList();
            transactions.statement(handle -> Outcomes.complete(handle, finishes));
            inserting += inserted - begun;
            claiming += started - inserted;
            completing += System.nanoTime() - started;
        }
        if (!transactions.statement(handle -> Processes.leave(handle, process))) {
            throw new IllegalStateException("jobs were left behind");
        }
        return List.of(
                new Figure("insert, µs a job", inserting / 1e3 / jobs),
                new Figure("claim, µs a job", claiming / 1e3 / jobs),
                new Figure("complete, µs a job", completing / 1e3 / jobs));
    }
}
