package io.trayb;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.validation.ValidationMethod;
import io.trayb.cluster.Assignment;
import io.trayb.cluster.ClusterConfiguration;
import io.trayb.cluster.SharedPortConnectorFactory;
import io.trayb.database.DatabaseConfiguration;
import io.trayb.database.DatabaseUrl;
import io.trayb.events.EventsConfiguration;
import io.trayb.health.ReadinessConfiguration;
import io.trayb.http.CorsConfiguration;
import io.trayb.http.Loopback;
import io.trayb.jobs.JobsConfiguration;
import io.trayb.jobs.RetentionConfiguration;
import io.trayb.metrics.MonitoringConfiguration;
import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.setup.Setup;
import io.trayb.redis.RedisConfiguration;
import io.trayb.redis.RedisUrl;
import io.trayb.roles.Role;
import io.trayb.roles.Roles;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code config.yml} as a whole: Dropwizard's own sections, and one of each feature. */
public final class TraybConfiguration extends Configuration {
    private static final String EVENT_STREAM = "text/event-stream";

    @NotBlank
    @JsonProperty
    private String dataDir = "./data";

    @Valid
    @NotNull
    @JsonProperty
    private DatabaseConfiguration database = DatabaseConfiguration.DEFAULT;

    @Valid
    @NotNull
    @JsonProperty
    private RedisConfiguration redis = RedisConfiguration.DEFAULT;

    @Valid
    @NotNull
    @JsonProperty
    private ReadinessConfiguration readiness = ReadinessConfiguration.DEFAULT;

    @Valid
    @NotNull
    @JsonProperty
    private EventsConfiguration events = EventsConfiguration.defaults();

    @Valid
    @NotNull
    @JsonProperty
    private JobsConfiguration jobs = JobsConfiguration.defaults();

    /** Null: all of them, but for what {@code jobs.worker} takes away. */
    @Nullable
    @JsonProperty
    private Roles roles;

    @Valid
    @NotNull
    @JsonProperty
    private ClusterConfiguration cluster = ClusterConfiguration.defaults();

    @Valid
    @NotNull
    @JsonProperty
    private RetentionConfiguration retention = RetentionConfiguration.defaults();

    @NotNull
    @JsonProperty
    private CorsConfiguration cors = CorsConfiguration.CLOSED;

    @NotNull
    private Map<String, Double> thresholds = Map.of();

    @NotNull
    @JsonProperty
    private Alerting alerting = Alerting.NOBODY;

    @Nullable
    @JsonProperty
    private String environment;

    @NotNull
    private Map<String, Setup> environments = Map.of();

    @Valid
    @NotNull
    @JsonProperty
    private MonitoringConfiguration monitoring = MonitoringConfiguration.DEFAULT;

    /** Where the embedded engines keep their files, and where {@code trayb.json} says where this process is. */
    public Path dataDir() {
        return Path.of(dataDir);
    }

    public DatabaseConfiguration database() {
        return database;
    }

    public RedisConfiguration redis() {
        return redis;
    }

    public ReadinessConfiguration readiness() {
        return readiness;
    }

    public EventsConfiguration events() {
        return events;
    }

    /** With the say about whether this process runs jobs that its roles have. */
    public JobsConfiguration jobs() {
        return jobs.withWorker(roles().has(Role.WORKER));
    }

    /** Which parts of the service this process has. */
    public Roles roles() {
        if (roles != null) {
            return roles;
        }
        return jobs.runsJobs() ? Roles.ALL : Roles.ALL.without(Role.WORKER);
    }

    @ValidationMethod(
            message =
                    "jobs.worker (RUN_JOB_WORKER) contradicts roles (TRAYB_ROLES): true needs worker among the roles, false needs"
                            + " it left out; or set only one of the two")
    public boolean isWorkerAsRolesSay() {
        return roles == null || jobs == null || jobs.worker() == null || jobs.worker() == roles.has(Role.WORKER);
    }

    /** How {@code cluster} keeps its processes. */
    ClusterConfiguration cluster() {
        return cluster;
    }

    /** Makes this the configuration of one process of a cluster: its roles, its place at the ports, the engines it shares. */
    void join(Assignment assignment) {
        roles = Roles.of(assignment.roles());
        dataDir = assignment.directory();
        if (assignment.databaseUrl() != null) {
            database = database.at(DatabaseUrl.parse(assignment.databaseUrl()));
        }
        if (assignment.redisUrl() != null) {
            redis = redis.at(RedisUrl.parse(assignment.redisUrl()));
        }
        server().setApplicationConnectors(
                        SharedPortConnectorFactory.share(server().getApplicationConnectors(), assignment.ports()));
        server().setAdminConnectors(SharedPortConnectorFactory.onFreePorts(server().getAdminConnectors()));
    }

    public RetentionConfiguration retention() {
        return retention;
    }

    public CorsConfiguration cors() {
        return cors;
    }

    /** Thresholds that differ from those in the code, by name: only such as the rules can be generated with. */
    public Map<String, Double> thresholds() {
        return thresholds;
    }

    /**
     * Takes the thresholds from the file, so that a wrong one is a mistake in the configuration and found by {@code check}.
     *
     * @throws IllegalArgumentException naming each unknown threshold and each value that isn't allowed, with what is
     */
    @JsonProperty("thresholds")
    void setThresholds(Map<String, Double> thresholds) {
        if (thresholds != null) {
            ThresholdTrial.require(thresholds);
        }
        this.thresholds = thresholds;
    }

    /** What is generated without an environment: what is committed. */
    public Setup setup() {
        return new Setup(thresholds, alerting);
    }

    /**
     * What is generated for an environment.
     *
     * @throws IllegalArgumentException when there is none of that name, naming those that there are
     */
    public Setup setup(String name) {
        Setup overlay = environments.get(name);
        if (overlay == null) {
            throw new IllegalArgumentException("environment '" + name + "' must be one of config.yml's environments: "
                    + new TreeSet<>(environments.keySet()));
        }
        return setup().in(name, overlay);
    }

    /** What the running service's rules are made with. */
    Setup setupInForce() {
        return environment == null ? setup() : setup(environment);
    }

    public MonitoringConfiguration monitoring() {
        return monitoring;
    }

    /**
     * Takes the environments from the file; what can't be generated is a mistake in the configuration.
     *
     * @throws IllegalArgumentException naming the threshold that isn't allowed
     */
    @JsonProperty("environments")
    void setEnvironments(Map<String, Setup> environments) {
        if (environments != null) {
            environments.forEach((name, overlay) -> {
                if (!name.matches("[a-z][a-z0-9-]{0,39}")) {
                    throw new IllegalArgumentException("environments has '" + name
                            + "', but a name must be of lower-case letters, digits and hyphens: it becomes a folder");
                }
                ThresholdTrial.require(overlay.thresholds());
            });
        }
        this.environments = environments;
    }

    @ValidationMethod(message = "environment (TRAYB_ENVIRONMENT) must be one of the names under environments")
    public boolean isEnvironmentKnown() {
        return environment == null || environments == null || environments.containsKey(environment);
    }

    /** The server with its two ports. */
    DefaultServerFactory server() {
        return (DefaultServerFactory) getServerFactory();
    }

    @ValidationMethod(message = "server.type must be default: the two ports are told apart by who reaches them")
    public boolean isServerOfTwoPorts() {
        return getServerFactory() instanceof DefaultServerFactory;
    }

    /** Jetty's own lists, which hold where these aren't set, have it right. */
    @ValidationMethod(
            message = "server.gzip must leave event streams as they are: excludedMimeTypes must have " + EVENT_STREAM
                    + ", compressedMimeTypes must not; where neither is set it is so")
    public boolean isEventStreamLeftUncompressed() {
        if (!(getServerFactory() instanceof AbstractServerFactory server)) {
            return true;
        }
        Set<String> excluded = server.getGzipFilterFactory().getExcludedMimeTypes();
        Set<String> compressed = server.getGzipFilterFactory().getCompressedMimeTypes();
        return (excluded == null || excluded.contains(EVENT_STREAM))
                && (compressed == null || !compressed.contains(EVENT_STREAM));
    }

    @ValidationMethod(
            message = "ADMIN_BIND_HOST must be a loopback address: " + Loopback.ALLOWED
                    + "; the admin port asks for no API key, and whoever reaches it could operate the service")
    public boolean isAdminReachedFromThisMachineOnly() {
        return !(getServerFactory() instanceof DefaultServerFactory server) || onLoopback(server.getAdminConnectors());
    }

    /** Whether the API can't be reached from other machines; if it can, the service doesn't start without an API key. */
    boolean isApiOnLoopback() {
        return onLoopback(server().getApplicationConnectors());
    }

    @ValidationMethod(message = "database.directUrl (DIRECT_DATABASE_URL) needs database.url (DATABASE_URL) beside it")
    public boolean isDirectUrlBesideUrl() {
        return database == null || database.directUrl() == null || database.url() != null;
    }

    private static boolean onLoopback(List<ConnectorFactory> connectors) {
        return connectors.stream()
                .allMatch(
                        connector -> connector instanceof HttpConnectorFactory http && Loopback.is(http.getBindHost()));
    }
}
