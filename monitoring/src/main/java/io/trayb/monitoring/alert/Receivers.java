package io.trayb.monitoring.alert;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

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

    /** The receivers that somebody may listen at. */
    public static List<String> thatTell() {
        return Stream.concat(
                        Stream.of(WATCHDOG),
                        Arrays.stream(Team.values())
                                .flatMap(team -> Stream.of(of(team, Severity.CRITICAL), of(team, Severity.WARNING))))
                .toList();
    }

    /** A team's receiver for a severity that it is told. */
    public static String of(Team owner, Severity severity) {
        return owner.label() + "-" + severity.channel();
    }
}
