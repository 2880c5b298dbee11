package io.trayb.monitoring.alert;

/** Who looks after it; Alertmanager routes by it. */
public enum Team {
    /** The machines, Postgres, Redis, Prometheus: what Trayb stands on. */
    PLATFORM("platform", "machines, Postgres, Redis and the monitoring itself"),
    /** The API, the jobs and the event streams: what Trayb does. */
    BACKEND("backend", "the API, jobs and event streams");

    private final String label;
    private final String duty;

    Team(String label, String duty) {
        this.label = label;
        this.duty = duty;
    }

    /** The value of the {@code owner} label. */
    public String label() {
        return label;
    }

    public String duty() {
        return duty;
    }
}
