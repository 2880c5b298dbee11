package io.trayb;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.setup.ServletEnvironment;
import io.trayb.configuration.StrictConfigurationFactory;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.demo.DemoCommand;
import io.trayb.events.EventMeasurements;
import io.trayb.events.Events;
import io.trayb.health.DependencyMeasurements;
import io.trayb.health.Health;
import io.trayb.health.PostgresProbe;
import io.trayb.health.Probe;
import io.trayb.health.Readiness;
import io.trayb.health.RedisProbe;
import io.trayb.health.SuppliedProbe;
import io.trayb.http.HttpBundle;
import io.trayb.http.StrictJson;
import io.trayb.keys.KeyText;
import io.trayb.keys.ring.KeyRing;
import io.trayb.metrics.GenerateCommand;
import io.trayb.metrics.Instruments;
import io.trayb.metrics.MonitoringCommand;
import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.setup.Setup;
import io.trayb.pgbouncer.PoolWatch;
import io.trayb.pgbouncer.SizeCheck;
import io.trayb.pressure.LoadShedding;
import io.trayb.pressure.Pressure;
import io.trayb.pressure.PressureLimits;
import io.trayb.roles.RoleFilter;
import io.trayb.roles.Roles;
import jakarta.servlet.DispatcherType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The service's entry, and the one place where its parts are put together. */
public final class TraybApplication extends Application<TraybConfiguration> {
    /** How long the tail of the event log waits in Redis at once. */
    private static final Duration LONGEST_BLOCK = Duration.ofSeconds(2);

    private final InstantSource clock = InstantSource.system();
    private final Map<String, String> environmentVariables;

    /** The service as its process' environment variables set it up. */
    public TraybApplication() {
        this(System.getenv());
    }

    /** The service as the given environment variables set it up. */
    public TraybApplication(Map<String, String> environmentVariables) {
        this.environmentVariables = Map.copyOf(environmentVariables);
    }

    public static void main(String[] arguments) throws Exception {
        new TraybApplication().run(arguments);
    }

    @Override
    public String getName() {
        return "trayb";
    }

    @Override
    protected void addDefaultCommands(Bootstrap<TraybConfiguration> bootstrap) {
        bootstrap.addCommand(new TraybServerCommand(this));
        bootstrap.addCommand(new ClusterCommand(environmentVariables));
        bootstrap.addCommand(new ClusterProcessCommand(this, System.in));
        bootstrap.addCommand(new CheckCommand<>(this));
        bootstrap.addCommand(new TraybDbCommand());
        bootstrap.addCommand(new KeysCommand(System.out));
        bootstrap.addCommand(new CountersCommand(System.out));
        bootstrap.addCommand(new GenerateCommand<>(
                TraybConfiguration.class, TraybApplication::setup, ApiDescription::files, System.out));
        bootstrap.addCommand(new MonitoringCommand<>(TraybConfiguration.class, TraybApplication::setup, System.out));
        bootstrap.addCommand(new DemoCommand());
    }

    @Override
    public void initialize(Bootstrap<TraybConfiguration> bootstrap) {
        bootstrap.setConfigurationFactoryFactory(StrictConfigurationFactory.over(environmentVariables));
        bootstrap.setObjectMapper(StrictJson.newMapper());
    }

    /**
     * Wires everything. Filters run in the order in which they are registered here and by what is called here, as long as each is
     * mapped with {@code isMatchAfter}: without it, Jetty puts each ahead of those before.
     */
    @Override
    public void run(TraybConfiguration configuration, Environment environment) {
        configuration.server().setRegisterDefaultExceptionMappers(false);
        environment.jersey().setUrlPattern("/api/*");
        Catalog catalog = TraybCatalog.in(configuration.setupInForce());
        Instruments instruments = new Instruments(catalog, TraybVersion.current(), clock);
        instruments.install(environment);
        instruments.watchRules(environment, configuration.monitoring());
        HttpBundle http = HttpBundle.install(environment, instruments.refusals()::refused, KeyText::isIn);
        http.allowOrigins(environment, configuration.cors());
        Platform platform = Platform.wire(configuration, environment);
        KeysPart known = KeysPart.begin(environment, clock);
        Pressure pressure = pressure(catalog, environment, platform.database(), instruments, http);
        KeyRing keys = known.wire(
                environment,
                platform,
                http,
                configuration.isApiOnLoopback(),
                Set.of(Events.STREAM_SERVLET, Events.POLL_SERVLET),
                clock);
        Database database = platform.database();
        instruments
                .dependencies()
                .readsPool(
                        database::activeConnections,
                        database::idleConnections,
                        database::maxConnections,
                        database::waitingForConnection);
        refuseWhatOthersDo(configuration.roles(), environment, http);
        Events events = events(configuration, environment, platform, instruments, http, keys);
        JobsPart jobs = JobsPart.wire(
                configuration.jobs(),
                configuration.retention(),
                environment,
                platform,
                events,
                instruments,
                clock,
                http.problemWriter(),
                ProcessName.current());

        watchPools(configuration, environment, database, instruments, jobs);

        List<Probe> probes = List.of(
                new PostgresProbe(configuration.database().probeUrl(database.url()))
                        .and(keys::isKnown, "it answers, but API keys haven't been read yet"),
                new RedisProbe(platform.redisConnections()),
                new SuppliedProbe(
                        "queue",
                        jobs.alive(),
                        "a thread that jobs need has ended or is stuck: see the log, then restart"));
        Readiness readiness = Health.install(
                environment,
                probes,
                configuration.readiness(),
                new DependencyMeasurements(instruments.dependencies(), clock),
                pressure::state,
                TraybVersion.current(),
                System::nanoTime);
        environment.lifecycle().addEventListener(new StopSequence(readiness, jobs, events));

        for (ServletEnvironment port : List.of(environment.servlets(), environment.admin())) {
            port.addServlet("style", new StyleSheet()).addMapping(IndexPage.STYLE_PATH);
        }
        environment.servlets().addServlet("index", IndexPage.ofApplication()).addMapping("");
        environment
                .admin()
                .addServlet("index", IndexPage.ofAdmin(catalog.dashboards()))
                .addMapping("");
        ApiDescription.serve(environment, http);
        environment
                .lifecycle()
                .addEventListener(new Announcement(configuration.dataDir(), environment.getObjectMapper()));
    }

    /** To be called before a filter is added that costs more than a refusal. */
    private static Pressure pressure(
            Catalog catalog, Environment environment, Database database, Instruments instruments, HttpBundle http) {
        Pressure pressure = new Pressure(
                PressureLimits.of(catalog.thresholds(), Runtime.getRuntime().maxMemory()),
                database::waitingForConnection,
                System::nanoTime);
        instruments.pressure().reads(pressure::delay, pressure::heapFreeBytes, pressure::requests);
        var filter = environment
                .servlets()
                .addFilter(
                        "load-shedding",
                        new LoadShedding(pressure, instruments.pressure()::refused, http.problemWriter()));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, LoadShedding.PATHS);
        environment.lifecycle().manage(pressure);
        environment.lifecycle().addServerLifecycleListener(server -> pressure.measures(server.getThreadPool()));
        return pressure;
    }

    /** To be called before anything is added that answers API calls, and after it is known who asks. */
    private static void refuseWhatOthersDo(Roles roles, Environment environment, HttpBundle http) {
        if (RoleFilter.isNeeded(roles)) {
            var filter = environment
                    .servlets()
                    .addFilter(
                            "roles",
                            new RoleFilter(
                                    roles, http.problemWriter(), Set.of(Events.STREAM_SERVLET, Events.POLL_SERVLET)));
            filter.setAsyncSupported(true);
            filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, RoleFilter.PATHS);
        }
    }

    private void watchPools(
            TraybConfiguration configuration,
            Environment environment,
            Database database,
            Instruments instruments,
            JobsPart jobs) {
        DatabaseUrl pgbouncer = configuration.database().pgbouncerUrl();
        if (pgbouncer != null) {
            environment.lifecycle().manage(new PoolWatch(pgbouncer, instruments.pgbouncer(), clock));
        }
        environment
                .lifecycle()
                .manage(new SizeCheck(
                        database,
                        configuration.database().probeUrl(database.url()).database(),
                        pgbouncer,
                        jobs.processes()));
    }

    private static Setup setup(TraybConfiguration configuration, @Nullable String environment) {
        return environment == null ? configuration.setup() : configuration.setup(environment);
    }

    private Events events(
            TraybConfiguration configuration,
            Environment environment,
            Platform platform,
            Instruments instruments,
            HttpBundle http,
            KeyRing keys) {
        Events events = new Events(
                configuration.events(),
                platform.redis(),
                () -> platform.redisConnections().dedicated(LONGEST_BLOCK),
                http.problemWriter(),
                keys,
                new EventMeasurements(instruments.events()),
                new SecureRandom(),
                clock,
                System::nanoTime);
        events.register(environment);
        return events;
    }
}
