package io.trayb.monitoring.setup;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When somebody reads tickets. Pages come at any time.
 *
 * @param timeZone such as {@code Europe/Berlin}
 * @param weekdays as Alertmanager writes them: {@code monday:friday}
 * @param from the first minute, {@code HH:MM}
 * @param to the minute after the last
 */
public record OfficeHours(String timeZone, String weekdays, String from, String to) {
    private static final String DAY = "(monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
    private static final Pattern DAYS = Pattern.compile(DAY + "(:" + DAY + ")?");
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d");

    /** Monday to Friday, from eight to six, in UTC. */
    public static final OfficeHours DEFAULT = new OfficeHours(null, null, null, null);

    /** Office hours; what is missing is as in {@link #DEFAULT}. */
    public OfficeHours(
            @JsonProperty("timeZone") @Nullable String timeZone,
            @JsonProperty("weekdays") @Nullable String weekdays,
            @JsonProperty("from") @Nullable String from,
            @JsonProperty("to") @Nullable String to) {
        this.timeZone = timeZone == null ? "UTC" : timeZone;
        this.weekdays = weekdays == null ? "monday:friday" : weekdays;
        this.from = time("from", from == null ? "08:00" : from);
        this.to = time("to", to == null ? "18:00" : to);
        requireZone(this.timeZone);
        if (!DAYS.matcher(this.weekdays).matches()) {
            throw new IllegalArgumentException(
                    "officeHours.weekdays is '" + this.weekdays + "', but must be like monday:friday");
        }
        if (!LocalTime.parse(this.from).isBefore(LocalTime.parse(this.to))) {
            throw new IllegalArgumentException(
                    "officeHours.from is " + this.from + ", but must be before officeHours.to, " + this.to);
        }
    }

    private static String time(String name, String value) {
        if (!TIME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "officeHours." + name + " is '" + value + "', but must be a time such as 08:00");
        }
        return value;
    }

    private static void requireZone(String name) {
        try {
            if (!name.equals("UTC")
                    && !Set.copyOf(ZoneId.getAvailableZoneIds())
                            .contains(ZoneId.of(name).getId())) {
                throw new DateTimeException("an offset, which knows no summer time");
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "officeHours.timeZone is '" + name + "', but must be a zone such as Europe/Berlin", e);
        }
    }
}
