package io.trayb.monitoring.catalog;

import static io.trayb.monitoring.Feature.feature;
import static io.trayb.monitoring.alert.Alert.alert;
import static io.trayb.monitoring.dashboard.Panel.overTime;
import static io.trayb.monitoring.promql.PromQl.total;
import static io.trayb.monitoring.threshold.Timing.lasting;

import io.trayb.monitoring.Feature;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.alert.Area;
import io.trayb.monitoring.alert.AroundThreshold;
import io.trayb.monitoring.alert.Severity;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.Team;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.threshold.Threshold;
import java.time.Duration;

/** Jobs that were put aside for a person to look at. */
public final class ParkedJobs {
    /** All processes read it in the same place: {@code sameFact}, so that it is never added up over them. */
    public static final Gauge PARKED =
            Gauge.sameFact("trayb_jobs_parked", Unit.COUNT, "Jobs that were put aside for a person to look at.");

    public static final Threshold LIMIT = Threshold.of(
            "parkedJobs",
            20,
            Unit.COUNT,
            lasting(Duration.ofMinutes(5)),
            "A person looks at a handful within the hour; more are not looked at by themselves.",
            "Trayb's own operation");

    static final Alert ALERT = alert("TraybJobsParked")
            .in(Area.JOBS)
            .whenAbove(total(PARKED), LIMIT)
            .severity(Severity.WARNING)
            .owner(Team.BACKEND)
            .summary("Jobs wait for a person to look at them.")
            .describes("{{value}} jobs have been put aside for {{window}}, more than {{threshold}}.")
            .proof(new AroundThreshold(LIMIT, 1, Stimulus.isAt(PARKED)))
            .build();

    static final Feature FEATURE = feature()
            .metric(PARKED)
            .threshold(LIMIT)
            .alert(ALERT)
            .panel(
                    Area.JOBS.dashboardUid(),
                    overTime("Parked jobs", Unit.COUNT, "Put aside for a person to look at.")
                            .with("parked", total(PARKED))
                            .withLine(LIMIT));

    private ParkedJobs() {}
}
