package io.trayb.jobs.schedule;

import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.Schedule;
import io.trayb.jobs.Submitted;
import io.trayb.jobs.queue.JobAdditions;
import io.trayb.jobs.store.Schedules;
import io.trayb.jobs.store.Schedules.Advance;
import io.trayb.jobs.store.Schedules.Due;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals with schedules whose tick has come. Job and next tick are written in one transaction, in which the schedule's row is
 * locked: a crash, or a commit of which nobody heard, leaves both or neither, and no second process finds the same tick.
 * Thread-safe.
 */
final class DueRuns {
    private static final Logger LOGGER = LoggerFactory.getLogger(DueRuns.class);
    /** When a schedule that isn't understood is looked at again; another process may know its time zone, or this one's next version. */
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private record Judged(Due due, Verdict verdict) {
        JobSubmission job() {
            return due.schedule().definition().job();
        }
    }

    private final JobAdditions additions;
    private final ScheduleObserver observer;

    DueRuns(JobAdditions additions, ScheduleObserver observer) {
        this.additions = additions;
        this.observer = observer;
    }

    int run(int limit) {
        List<Runnable> told = new ArrayList<>();
        int handled = additions.run((handle, jobs) -> {
            told.clear();
            return run(handle, jobs, Schedules.lockDue(handle, limit), told);
        });
        told.forEach(Runnable::run);
        return handled;
    }

    private int run(Handle handle, JobAdditions.Sink jobs, List<Due> found, List<Runnable> told) {
        List<Advance> advances = new ArrayList<>(found.size());
        List<Judged> running = new ArrayList<>(found.size());
        for (Due due : found) {
            Optional<Verdict> judged = judge(due);
            if (judged.isEmpty()) {
                Instant later = due.now().plus(AFTER_FAILURE).truncatedTo(ChronoUnit.MILLIS);
                advances.add(new Advance(due.schedule().definition().name(), later, null));
                told.add(observer::failed);
                continue;
            }
            Verdict verdict = judged.get();
            if (verdict.letsGo()) {
                told.add(observer::skipped);
            }
            if (verdict.run() == Verdict.Run.NONE) {
                advances.add(new Advance(due.schedule().definition().name(), verdict.next(), null));
            } else {
                running.add(new Judged(due, verdict));
            }
        }
        List<Submitted> submitted = running.isEmpty()
                ? List.of()
                : jobs.add(running.stream().map(Judged::job).toList());
        for (int i = 0; i < running.size(); i++) {
            Judged judged = running.get(i);
            Submitted job = submitted.get(i);
            advances.add(new Advance(
                    judged.due().schedule().definition().name(),
                    judged.verdict().next(),
                    job.job().id()));
            told.add(() -> tell(judged, job));
        }
        if (!advances.isEmpty()) {
            Schedules.advance(handle, advances);
        }
        return found.size();
    }

    private void tell(Judged judged, Submitted job) {
        if (job.existing()) {
            observer.held();
        } else if (judged.verdict().run() == Verdict.Run.MAKES_UP) {
            observer.caughtUp();
        } else {
            observer.ranOnTime(
                    Duration.between(judged.verdict().tick(), judged.due().now()));
        }
    }

    /** Empty if this process can't understand the schedule; the others that are due mustn't wait for that. */
    private static Optional<Verdict> judge(Due due) {
        Schedule schedule = due.schedule();
        try {
            return Optional.of(Verdict.of(schedule, Ticks.of(schedule.definition(), schedule.startsAt()), due.now()));
        } catch (DateTimeException | IllegalArgumentException | IllegalStateException e) {
            LOGGER.error(
                    "Schedule {} didn't run and is tried again in {}: {}. Replace it, or update this process's Java.",
                    schedule.definition().name(),
                    AFTER_FAILURE,
                    e.getMessage());
            return Optional.empty();
        }
    }
}
