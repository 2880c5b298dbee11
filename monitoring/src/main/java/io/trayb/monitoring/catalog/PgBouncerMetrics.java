package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.Feature.feature;
import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.age;
import static io.trayb.monitoring.promql.PromQl.gauge;
import static io.trayb.monitoring.promql.PromQl.totalBy;
import static io.trayb.monitoring.threshold.Timing.immediate;

import io.trayb.monitoring.Feature;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Apart;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.OverdueInstance;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Vector;
import io.trayb.monitoring.threshold.Threshold;
import java.util.Map;

/**
 * PgBouncer's pools, as its console tells the service; nothing of it is there where no console is named. All are gauges of one fact:
 * every process asks the same PgBouncer, whose counters would be added up over those who tell them (decision 0021).
 */
public final class PgBouncerMetrics {
    /** Where it listens, as this process is told: of a process that is one. */
    public static final Label PGBOUNCER = Label.bounded("pgbouncer", 1);

    public static final Label DATABASE = Label.bounded("database", 20);
    public static final Label USER = Label.bounded("user", 20);

    public static final Gauge LAST_SUCCESS = Gauge.ownShare(
                    "trayb_pgbouncer_last_success_timestamp_seconds",
                    Unit.TIMESTAMP,
                    "When PgBouncer's console last answered; until the first time, when this process started.",
                    PGBOUNCER)
            .largestCounts();

    public static final Gauge ACTIVE_CLIENTS = ofPool(
            "trayb_pgbouncer_active_clients", "Clients of PgBouncer that have a server connection, or nothing to ask.");
    public static final Gauge WAITING_CLIENTS =
            ofPool("trayb_pgbouncer_waiting_clients", "Clients of PgBouncer that wait for a server connection.");
    public static final Gauge LONGEST_WAIT = Gauge.sameFact(
                    "trayb_pgbouncer_longest_wait_seconds",
                    Unit.SECONDS,
                    "How long the first of PgBouncer's waiting clients has waited; 0 when none waits.",
                    PGBOUNCER,
                    DATABASE,
                    USER)
            .largestCounts();
    public static final Gauge ACTIVE_SERVERS = ofPool(
            "trayb_pgbouncer_active_servers", "Connections from PgBouncer to Postgres that are lent to a client.");
    public static final Gauge IDLE_SERVERS = ofPool(
            "trayb_pgbouncer_idle_servers", "Connections from PgBouncer to Postgres that are open and lent to nobody.");
    public static final Gauge CONNECTING_SERVERS = ofPool(
            "trayb_pgbouncer_connecting_servers", "Connections from PgBouncer to Postgres that are being opened.");

    public static final Gauge TRANSACTIONS = Gauge.sameFact(
            "trayb_pgbouncer_transactions_per_second",
            Unit.PER_SECOND,
            "Transactions through PgBouncer, on average over its stats_period.",
            PGBOUNCER,
            DATABASE);
    public static final Gauge TRANSACTION_TIME = Gauge.sameFact(
                    "trayb_pgbouncer_transaction_seconds",
                    Unit.SECONDS,
                    "How long a transaction had its server connection, on average over PgBouncer's stats_period.",
                    PGBOUNCER,
                    DATABASE)
            .largestCounts();
    public static final Gauge WAIT_TIME = Gauge.sameFact(
                    "trayb_pgbouncer_wait_seconds",
                    Unit.SECONDS,
                    "Time that all clients together waited for server connections in a second, on average over PgBouncer's"
                            + " stats_period.",
                    PGBOUNCER,
                    DATABASE)
            .largestCounts();

    public static final Threshold HEARTBEAT = Threshold.of(
            "pgbouncerHeartbeatSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "It is restarted in a second; who is still away after a minute needs somebody.",
            "Trayb's own operation");

    public static final Threshold CLIENTS_WAITING = Threshold.of(
            "pgbouncerClientsWaitingSeconds",
            60,
            Unit.SECONDS,
            immediate(),
            "A peak is over within seconds; clients that wait at every scrape of a minute have too few server connections.",
            "Trayb's own operation");

    static final Alert SILENT = alert("TraybPgbouncerHeartbeatMissing")
            .in(Area.DEPENDENCIES)
            .whenAbove(age(gauge(LAST_SUCCESS)), HEARTBEAT)
            .severity(Severity.WARNING)
            .owner(Team.PLATFORM)
            .summary("PgBouncer's console doesn't answer.")
            .describes("{{labels.instance}} has had no answer from the console of PgBouncer at {{labels.pgbouncer}} for"
                    + " {{value}}, more than {{threshold}}.")
            .proof(new OverdueInstance(LAST_SUCCESS, Map.of(PGBOUNCER.name(), "pgbouncer-1:6432"), HEARTBEAT))
            .build();

    static final Alert WAITING = alert("TraybPgbouncerClientsWaiting")
            .in(Area.DEPENDENCIES)
            .when(totalBy(WAITING_CLIENTS, WAITING_CLIENTS.labels()).above(0))
            .lasting(CLIENTS_WAITING)
            .severity(Severity.WARNING)
            .owner(Team.PLATFORM)
            .summary("Clients wait at PgBouncer for connections to Postgres.")
            .describes("{{value}} clients of PgBouncer at {{labels.pgbouncer}} wait for a connection to the database"
                    + " {{labels.database}} as {{labels.user}}, and some have at every scrape for {{window}}.")
            .proof(Apart.aboveZero(WAITING_CLIENTS, CLIENTS_WAITING))
            .build();

    static final Feature FEATURE = feature()
            .metric(LAST_SUCCESS)
            .metric(ACTIVE_CLIENTS)
            .metric(WAITING_CLIENTS)
            .metric(LONGEST_WAIT)
            .metric(ACTIVE_SERVERS)
            .metric(IDLE_SERVERS)
            .metric(CONNECTING_SERVERS)
            .metric(TRANSACTIONS)
            .metric(TRANSACTION_TIME)
            .metric(WAIT_TIME)
            .threshold(HEARTBEAT)
            .threshold(CLIENTS_WAITING)
            .alert(SILENT)
            .alert(WAITING)
            .panel(
                    Area.DEPENDENCIES.dashboardUid(),
                    overTime(
                                    "PgBouncer: last answer",
                                    Unit.SECONDS,
                                    "How long ago its console last answered each instance. Empty where PGBOUNCER_URL isn't set.")
                            .with("{{instance}}", age(gauge(LAST_SUCCESS)))
                            .withLine(HEARTBEAT))
            .panel(
                    Area.DEPENDENCIES.dashboardUid(),
                    overTime("PgBouncer: clients", Unit.COUNT, "Of each pool.")
                            .with("{{database}} {{user}} active", each(ACTIVE_CLIENTS))
                            .with("{{database}} {{user}} waiting", each(WAITING_CLIENTS)))
            .panel(
                    Area.DEPENDENCIES.dashboardUid(),
                    overTime("PgBouncer: connections to Postgres", Unit.COUNT, "Of each pool.")
                            .with("{{database}} {{user}} active", each(ACTIVE_SERVERS))
                            .with("{{database}} {{user}} idle", each(IDLE_SERVERS))
                            .with("{{database}} {{user}} connecting", each(CONNECTING_SERVERS)))
            .panel(
                    Area.DEPENDENCIES.dashboardUid(),
                    overTime(
                                    "PgBouncer: time",
                                    Unit.SECONDS,
                                    "The longest wait now, the waiting of all clients in a second, and how long a transaction takes.")
                            .with("{{database}} {{user}} longest wait", each(LONGEST_WAIT))
                            .with("{{database}} waited in a second", each(WAIT_TIME))
                            .with("{{database}} transaction", each(TRANSACTION_TIME)))
            .panel(
                    Area.DEPENDENCIES.dashboardUid(),
                    overTime("PgBouncer: transactions", Unit.PER_SECOND, "To each database.")
                            .with("{{database}}", each(TRANSACTIONS)));

    private PgBouncerMetrics() {}

    private static Gauge ofPool(String name, String help) {
        return Gauge.sameFact(name, Unit.COUNT, help, PGBOUNCER, DATABASE, USER);
    }

    private static Vector each(Gauge gauge) {
        return totalBy(gauge, gauge.labels());
    }
}
