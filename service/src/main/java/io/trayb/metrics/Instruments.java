package io.trayb.metrics;

import io.dropwizard.core.setup.Environment;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.ServiceMetrics;
import io.trayb.monitoring.render.Artifacts;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import java.util.EnumSet;

/**
 * Everything that this process measures, in one piece for wiring: recorders for the features, and what shows it all. Making it
 * claims every metric of the catalogue, or fails. Thread-safe.
 */
public final class Instruments {
    private final Collectors collectors;
    private final Artifacts artifacts;
    private final JobRecorder jobs;
    private final QueueRecorder queues;
    private final WorkerRecorder workers;
    private final ScheduleRecorder schedules;
    private final EventRecorder events;
    private final DependencyRecorder dependencies;
    private final PressureRecorder pressure;
    private final PgBouncerRecorder pgbouncer;
    private final RefusalRecorder refusals;
    private final RequestTimer requests;
    private final RulesRecorder rules;

    /**
     * The instruments of a process.
     *
     * @param catalog the declarations, with the thresholds in force
     * @param version of this build
     * @throws IllegalArgumentException naming everything in the catalogue that can't be right
     * @throws IllegalStateException naming every declared metric that nothing here feeds
     */
    public Instruments(Catalog catalog, String version, InstantSource clock) {
        artifacts = Artifacts.of(catalog);
        collectors = new Collectors(catalog);
        jobs = new JobRecorder(collectors);
        queues = new QueueRecorder(collectors);
        workers = new WorkerRecorder(collectors, clock);
        schedules = new ScheduleRecorder(collectors);
        events = new EventRecorder(collectors);
        dependencies = new DependencyRecorder(collectors, clock.instant());
        pressure = new PressureRecorder(collectors);
        pgbouncer = new PgBouncerRecorder(collectors);
        refusals = new RefusalRecorder(collectors);
        requests = new RequestTimer(collectors, System::nanoTime);
        rules = new RulesRecorder(collectors);
        collectors.gauge(ServiceMetrics.BUILD_INFO).set(1, version);
        collectors.gauge(ServiceMetrics.FINGERPRINT_INFO).set(1, artifacts.fingerprint());
        collectors.requireComplete();
        collectors.exportProcess();
    }

    /**
     * Times every API request, and shows on the admin port what is measured and what it is measured against. To be called
     * before any other filter is added, since filters run in the order in which they were added.
     */
    public void install(Environment environment) {
        collectors.exportDropwizard(environment.metrics());
        environment.jersey().register(new RouteTemplates());
        var timer = environment.servlets().addFilter("request-timer", requests);
        timer.setAsyncSupported(true);
        timer.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/api/*");
        environment
                .admin()
                .addServlet("metrics", new MetricsServlet(collectors))
                .addMapping("/metrics");
        environment
                .admin()
                .addServlet("monitoring", new MonitoringServlet(artifacts))
                .addMapping("/monitoring/*");
    }

    /** Compares the rules that Prometheus has loaded with this process' own, as long as it runs, if it is told where. */
    public void watchRules(Environment environment, MonitoringConfiguration configuration) {
        if (configuration.prometheusUrl() != null) {
            environment
                    .lifecycle()
                    .manage(new RulesWatch(artifacts.rules(), configuration.prometheusUrl(), rules, RulesWatch.PAUSE));
        }
    }

    public JobRecorder jobs() {
        return jobs;
    }

    public QueueRecorder queues() {
        return queues;
    }

    public WorkerRecorder workers() {
        return workers;
    }

    public ScheduleRecorder schedules() {
        return schedules;
    }

    public EventRecorder events() {
        return events;
    }

    public DependencyRecorder dependencies() {
        return dependencies;
    }

    public PressureRecorder pressure() {
        return pressure;
    }

    public PgBouncerRecorder pgbouncer() {
        return pgbouncer;
    }

    public RefusalRecorder refusals() {
        return refusals;
    }
}
