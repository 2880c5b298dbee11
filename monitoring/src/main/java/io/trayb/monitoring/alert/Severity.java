package io.trayb.monitoring.alert;

/** How soon somebody must look; Alertmanager routes by it. */
public enum Severity {
    /** Wakes somebody up. */
    CRITICAL("critical", "page"),
    /** A ticket for the next working hour. */
    WARNING("warning", "ticket"),
    /** Nobody is told; it shows in Alertmanager. */
    INFO("info", "none");

    private final String label;
    private final String channel;

    Severity(String label, String channel) {
        this.label = label;
        this.channel = channel;
    }

    /** The value of the {@code severity} label. */
    public String label() {
        return label;
    }

    /** The kind of receiver that it goes to. */
    public String channel() {
        return channel;
    }
}
