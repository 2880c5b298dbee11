package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.MissedRuns;
import io.trayb.jobs.ScheduleDefinition;
import io.trayb.jobs.schedule.CronExpression;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a schedule that a client asks for. A field that is {@code null} counts as left out. Thread-safe. */
final class ScheduleReader {
    private static final List<String> FIELDS =
            List.of("cron", "enabled", "intervalMs", "job", "missedRuns", "name", "timeZone");
    private static final Pattern ANY = Pattern.compile(".{1," + CronExpression.MAX_LENGTH + "}", Pattern.DOTALL);
    private static final Pattern MISSED_RUNS = Pattern.compile("skip|once");
    static final int MAX_ZONE_LENGTH = 100;

    private final SubmissionReader submissions;

    ScheduleReader(InstantSource clock) {
        this.submissions = new SubmissionReader(clock);
    }

    /**
     * Reads one.
     *
     * @param name of the schedule that is replaced; null if the body must name a new one
     * @throws io.trayb.http.ProblemException 400 with everything that is wrong, 413 if the job's payload is too large
     */
    ScheduleDefinition read(@Nullable JsonNode body, @Nullable String name) {
        ValidationErrors errors = new ValidationErrors();
        JsonFields fields = JsonFields.ofBody(body, FIELDS, errors);
        String given = name(fields, name);
        String cron = cron(fields);
        long intervalMs = fields.number(
                "intervalMs",
                ScheduleDefinition.MIN_INTERVAL.toMillis(),
                ScheduleDefinition.MAX_INTERVAL.toMillis(),
                0);
        requireOneTiming(fields);
        String timeZone = timeZone(fields);
        String missedRuns = fields.text("missedRuns", MISSED_RUNS, "skip or once");
        boolean enabled = fields.flag("enabled", true);
        JobSubmission job = job(fields, errors);
        errors.throwIfAny();
        if (given == null || job == null) {
            throw new IllegalStateException("a schedule is either read or refused");
        }
        return new ScheduleDefinition(
                given,
                cron,
                cron == null ? Duration.ofMillis(intervalMs) : null,
                timeZone,
                missedRuns == null
                        ? ScheduleDefinition.DEFAULT_MISSED_RUNS
                        : MissedRuns.find(missedRuns).orElseThrow(),
                enabled,
                job);
    }

    private static @Nullable String name(JsonFields fields, @Nullable String replaced) {
        String given =
                fields.text("name", ScheduleDefinition.NAME, "that matches " + ScheduleDefinition.NAME.pattern());
        if (replaced == null) {
            fields.require("name");
            return given;
        }
        if (given != null && !given.equals(replaced)) {
            fields.wrong("name", fields.present("name"), "must be left out, or '" + replaced + "' as in the path");
        }
        return replaced;
    }

    private static @Nullable String cron(JsonFields fields) {
        String written = fields.text("cron", ANY, "of 1 to " + CronExpression.MAX_LENGTH + " characters");
        if (written == null) {
            return null;
        }
        try {
            return CronExpression.parse(written).toString();
        } catch (IllegalArgumentException e) {
            fields.wrong(
                    "cron",
                    fields.present("cron"),
                    "must be five fields as in crontab(5), minute hour day month weekday, that come to pass: "
                            + e.getMessage());
            return null;
        }
    }

    private static void requireOneTiming(JsonFields fields) {
        boolean cron = fields.present("cron") != null;
        JsonNode interval = fields.present("intervalMs");
        if (!cron && interval == null) {
            fields.wrong("cron", null, "is required, or else intervalMs");
        }
        if (cron && interval != null) {
            fields.wrong("intervalMs", interval, "must not be there together with cron");
        }
    }

    private static String timeZone(JsonFields fields) {
        JsonNode node = fields.present("timeZone");
        if (node == null) {
            return ScheduleDefinition.DEFAULT_TIME_ZONE;
        }
        String zone = node.isTextual() ? node.textValue() : "";
        if (zone.length() > MAX_ZONE_LENGTH || !ZoneId.getAvailableZoneIds().contains(zone)) {
            fields.wrong("timeZone", node, "must be the name of an IANA time zone, such as Europe/Vienna or UTC");
        }
        return zone;
    }

    private @Nullable JobSubmission job(JsonFields fields, ValidationErrors errors) {
        fields.require("job");
        JsonNode job = fields.present("job");
        if (job == null) {
            return null;
        }
        if (job.hasNonNull("runAt")) {
            fields.wrong("job.runAt", job.get("runAt"), "must not be there: the schedule says when");
            return null;
        }
        return submissions.read(job, "job.", errors);
    }
}
