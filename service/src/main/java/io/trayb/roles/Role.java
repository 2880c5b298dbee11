package io.trayb.roles;

import java.util.Locale;

/** A part of the service that a process has or leaves to others. Health, metrics and housekeeping are in every process. */
public enum Role {
    /** Answers the jobs API: jobs, queues, schedules, leases, keys. */
    API,
    /** Carries event streams and long polls. */
    EVENTS,
    /** Runs jobs, and submits those of schedules. */
    WORKER;

    /** As it is written in the configuration. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
