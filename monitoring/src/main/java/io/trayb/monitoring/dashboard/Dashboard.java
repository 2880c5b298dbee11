package io.trayb.monitoring.dashboard;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A dashboard.
 *
 * @param uid stable for ever: links and the alerts' annotations hold on to it
 * @param panels in reading order; they flow from left to right
 */
public record Dashboard(String uid, String title, String description, List<Panel> panels) {
    private static final Pattern UID = Pattern.compile("trayb-[a-z]+");

    public Dashboard {
        if (!UID.matcher(uid).matches()) {
            throw new IllegalArgumentException("dashboard '" + uid + "' must match " + UID);
        }
        panels = List.copyOf(panels);
        if (title.isBlank() || description.isBlank() || panels.isEmpty()) {
            throw new IllegalArgumentException("dashboard '" + uid + "' must have a title, a description and panels");
        }
    }
}
