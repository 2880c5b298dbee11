/**
 * Schedules: jobs that are submitted again and again, by the wall clock of a time zone or at an interval.
 *
 * <p>{@link io.trayb.jobs.schedule.Ticks} knows when, {@link io.trayb.jobs.schedule.Timetable} keeps the schedules and submits
 * what is due, {@link io.trayb.jobs.schedule.Scheduler} is the thread that has it do so.
 */
@NullMarked
package io.trayb.jobs.schedule;

import org.jspecify.annotations.NullMarked;
