package io.trayb.monitoring.alert;

/** What an alert is about: its group of rules, and the dashboard that its reader opens first. */
public enum Area {
    API("trayb-api", "trayb-api"),
    EVENTS("trayb-events", "trayb-events"),
    JOBS("trayb-jobs", "trayb-jobs"),
    DEPENDENCIES("trayb-dependencies", "trayb-dependencies"),
    RUNTIME("trayb-runtime", "trayb-runtime"),
    MONITORING("trayb-monitoring", "trayb-overview");

    private final String group;
    private final String dashboardUid;

    Area(String group, String dashboardUid) {
        this.group = group;
        this.dashboardUid = dashboardUid;
    }

    /** The name of the group in {@code rules.yml}. */
    public String group() {
        return group;
    }

    public String dashboardUid() {
        return dashboardUid;
    }
}
