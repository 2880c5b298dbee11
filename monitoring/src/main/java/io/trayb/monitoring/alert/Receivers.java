package io.trayb.monitoring.alert;

/** Names the receiver in Alertmanager that an alert must reach. */
public final class Receivers {
    /** Takes what nobody is told: it has nowhere to send to. */
    public static final String NOWHERE = "nowhere";

    /** Takes the alert that always fires; whoever watches from outside listens here. */
    public static final String WATCHDOG = "watchdog";

    private Receivers() {}

    /** Where an alert ends up when the routes are right. */
    public static String of(Alert alert) {
        if (alert.alwaysFires()) {
            return WATCHDOG;
        }
        return alert.severity() == Severity.INFO ? NOWHERE : of(alert.owner(), alert.severity());
    }

    /** A team's receiver for a severity that it is told. */
    public static String of(Team owner, Severity severity) {
        return owner.label() + "-" + severity.channel();
    }
}
