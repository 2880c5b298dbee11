package io.trayb.monitoring.metric;

/** Who exports a metric, and the scrape job under which Prometheus meets it. */
public enum Origin {
    /** The service, from a declaration; a declaration without a collector stops its start. */
    TRAYB("trayb", "the service"),
    /** The service, through the JVM and process collectors of Prometheus' client library. */
    JVM("trayb", "the client library's JVM collectors"),
    /** Prometheus itself, about each target. */
    PROMETHEUS("trayb", "Prometheus"),
    REDIS_EXPORTER("redis", "redis_exporter"),
    POSTGRES_EXPORTER("postgres", "postgres_exporter");

    private final String job;
    private final String exporter;

    Origin(String job, String exporter) {
        this.job = job;
        this.exporter = exporter;
    }

    /** The value of the {@code job} label. */
    public String job() {
        return job;
    }

    public String exporter() {
        return exporter;
    }
}
