package io.trayb;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.uuid.Generators;
import io.dropwizard.core.setup.Environment;
import io.trayb.cache.CacheCounters;
import io.trayb.cache.CacheMeasurements;
import io.trayb.cache.RedisCache;
import io.trayb.database.Transactions;
import io.trayb.events.Events;
import io.trayb.events.GapReason;
import io.trayb.http.ProblemWriter;
import io.trayb.jobs.Backoff;
import io.trayb.jobs.JobHandler;
import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.RetentionConfiguration;
import io.trayb.jobs.api.BatchResource;
import io.trayb.jobs.api.HeldJobResource;
import io.trayb.jobs.api.Intake;
import io.trayb.jobs.api.JobCache;
import io.trayb.jobs.api.JobResource;
import io.trayb.jobs.api.LeaseResource;
import io.trayb.jobs.api.PlainJobCalls;
import io.trayb.jobs.api.QueueCache;
import io.trayb.jobs.api.QueueResource;
import io.trayb.jobs.api.ScheduleResource;
import io.trayb.jobs.api.SingleJobs;
import io.trayb.jobs.handlers.HttpAllowList;
import io.trayb.jobs.handlers.HttpHandler;
import io.trayb.jobs.handlers.HttpSecrets;
import io.trayb.jobs.handlers.HttpTrust;
import io.trayb.jobs.queue.Announcer;
import io.trayb.jobs.queue.CountKeeper;
import io.trayb.jobs.queue.HistoryKeeper;
import io.trayb.jobs.queue.JobAdditions;
import io.trayb.jobs.queue.JobLeases;
import io.trayb.jobs.queue.JobMeasurements;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.queue.LimitedStarts;
import io.trayb.jobs.queue.QueueGauges;
import io.trayb.jobs.queue.RemoteWorkers;
import io.trayb.jobs.queue.StatisticsKeeper;
import io.trayb.jobs.schedule.ScheduleMeasurements;
import io.trayb.jobs.schedule.Scheduler;
import io.trayb.jobs.schedule.Timetable;
import io.trayb.jobs.worker.Housekeeping;
import io.trayb.jobs.worker.JobHandlers;
import io.trayb.jobs.worker.JobWorker;
import io.trayb.jobs.worker.ProcessLease;
import io.trayb.jobs.worker.WaitingWorkers;
import io.trayb.jobs.worker.WorkerMeasurements;
import io.trayb.metrics.Instruments;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/**
 * How the parts of {@code io.trayb.jobs} are put together, and in which order they start and stop.
 *
 * @param processes how many processes use the database now; asks it; 0 as long as this one doesn't count itself
 * @param alive whether every thread that this process's jobs need does its part
 * @param stopClaiming starts no more jobs in this process; never blocks
 * @param letRemoteWorkersGo answers every remote worker that waits for a job; never blocks
 * @param letRunningJobsEnd waits for those in this process, and gives back what takes longer than {@code jobs.shutdownGrace}
 */
record JobsPart(
        IntSupplier processes,
        BooleanSupplier alive,
        Runnable stopClaiming,
        Runnable letRemoteWorkersGo,
        StopSequence.Action letRunningJobsEnd) {

    /**
     * Wires it.
     *
     * @param processName how this process is called in {@code worker} fields
     */
    static JobsPart wire(
            JobsConfiguration configuration,
            RetentionConfiguration retention,
            Environment environment,
            Platform platform,
            Events events,
            Instruments instruments,
            InstantSource clock,
            ProblemWriter problems,
            String processName) {
        DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
        ObjectMapper json = environment.getObjectMapper();
        Transactions transactions =
                new Transactions(platform.database().jdbi(), () -> events.publishGap(GapReason.LOG_LOST));
        Announcer announcer = new Announcer(events, new JobMeasurements(instruments.jobs()));
        JobQueue queue = new JobQueue(transactions, announcer, Generators.timeBasedEpochGenerator()::generate, clock);
        JobLeases leases = new JobLeases(transactions, announcer, clock);
        LimitedStarts limited = new LimitedStarts(transactions, announcer, System::nanoTime);
        RemoteWorkers remote = new RemoteWorkers(
                transactions, announcer, leases, limited, Backoff.standard(random), clock, System::nanoTime);

        JobHandlers handlers =
                new JobHandlers(configuration.runsJobs() ? handlers(configuration, environment) : List.of(), json);
        ProcessLease lease = new ProcessLease(leases, processName, configuration, handlers.types(), System::nanoTime);
        environment.lifecycle().manage(lease);
        environment.lifecycle().manage(new EventsUnderLease(events, lease));
        environment
                .lifecycle()
                .manage(new Housekeeping(
                        queue,
                        leases,
                        remote,
                        limited,
                        configuration,
                        lease,
                        () -> events.publishGap(GapReason.NODE_LOST)));
        environment
                .lifecycle()
                .manage(new QueueGauges(
                        queue,
                        transactions,
                        instruments.queues(),
                        configuration.metricsPoll().toJavaDuration()));
        environment.lifecycle().manage(new CountKeeper(transactions));
        environment.lifecycle().manage(new StatisticsKeeper(transactions));
        environment.lifecycle().manage(new HistoryKeeper(transactions, retention));
        WaitingWorkers waiting = waitingWorkers(environment, remote, limited, announcer, events);

        CacheCounters lookUps = new CacheCounters(platform.redis(), new CacheMeasurements(instruments.dependencies()));
        environment.lifecycle().manage(lookUps);
        JobCache jobCache = new JobCache(
                new RedisCache(platform.redis(), "jobs", JobCache.TIME_TO_LIVE, lookUps, System::nanoTime), lookUps);
        QueueCache queueCache = new QueueCache(
                new RedisCache(platform.redis(), "queues", QueueCache.TIME_TO_LIVE, lookUps, System::nanoTime),
                json,
                System::nanoTime);
        Intake intake = new Intake(queue, queueCache);
        SingleJobs single = new SingleJobs(queue, intake, jobCache, json, clock);
        FilterRegistration.Dynamic plain =
                environment.servlets().addFilter("plain-job-calls", new PlainJobCalls(single, json, problems));
        plain.setAsyncSupported(true);
        plain.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, PlainJobCalls.PATHS);
        environment.jersey().register(new JobResource(single, queue, jobCache, queueCache));
        environment.jersey().register(new BatchResource(intake, clock));
        environment.jersey().register(new QueueResource(queue, queueCache, jobCache));
        environment.jersey().register(new LeaseResource(waiting, remote, queueCache, instruments.workers()::beat));
        environment.jersey().register(new HeldJobResource(queue, remote, queueCache, instruments.workers()::beat));

        Timetable timetable = new Timetable(
                transactions,
                new JobAdditions(transactions, announcer, Generators.timeBasedEpochGenerator()::generate),
                new ScheduleMeasurements(instruments.schedules()));
        environment.jersey().register(new ScheduleResource(timetable, clock));

        if (!configuration.runsJobs()) {
            return new JobsPart(lease::processes, lease::isAlive, () -> {}, waiting::close, () -> {});
        }
        JobWorker worker = new JobWorker(
                leases,
                limited,
                handlers,
                configuration,
                lease,
                processName,
                new WorkerMeasurements(instruments.workers()),
                random);
        environment.lifecycle().manage(worker);
        announcer.onReady(queues -> worker.wake());
        events.listen(worker::onEvent);
        events.listen(event -> {
            if (limited.frees(event)) {
                worker.wake();
            }
        });
        Scheduler scheduler = new Scheduler(timetable);
        environment.lifecycle().manage(scheduler);
        return new JobsPart(
                lease::processes,
                () -> worker.isAlive() && scheduler.isAlive(),
                worker::stopClaiming,
                waiting::close,
                worker::letGo);
    }

    private static WaitingWorkers waitingWorkers(
            Environment environment, RemoteWorkers remote, LimitedStarts limited, Announcer announcer, Events events) {
        WaitingWorkers waiting = new WaitingWorkers(remote, System::nanoTime);
        environment.lifecycle().manage(waiting);
        announcer.onReady(waiting::wake);
        events.listen(event -> {
            if ("job.waiting".equals(event.name()) || limited.frees(event)) {
                waiting.wake(Set.of(event.queue()));
            }
        });
        return waiting;
    }

    private static List<JobHandler<?>> handlers(JobsConfiguration configuration, Environment environment) {
        List<JobHandler<?>> handlers = new ArrayList<>();
        for (JobHandler<?> handler : ServiceLoader.load(JobHandler.class)) {
            handlers.add(handler);
        }
        HttpHandler http = new HttpHandler(
                new HttpAllowList(configuration.httpAllowList()),
                configuration.httpSecrets().isBlank()
                        ? HttpSecrets.none()
                        : HttpSecrets.in(Path.of(configuration.httpSecrets())),
                configuration.httpCaFile().isBlank()
                        ? HttpTrust.ofTheJvm()
                        : HttpTrust.with(Path.of(configuration.httpCaFile())));
        environment.lifecycle().manage(http);
        handlers.add(http);
        return handlers;
    }
}
