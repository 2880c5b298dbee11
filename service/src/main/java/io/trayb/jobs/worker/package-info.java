/**
 * Runs jobs inside this process. {@link io.trayb.jobs.worker.JobWorker} owns the parts and their order of start and stop:
 *
 * <pre>
 *   Claimer ──started──▶ Execution (a thread each) ──outcome──▶ OutcomeWriter ──commit──▶ slot free ──▶ Claimer
 *      ▲                       ▲
 *   wake-ups, polling     RunningJobs ◀── cancelled, lease lost (its own check, ProcessLease, events)
 * </pre>
 */
@NullMarked
package io.trayb.jobs.worker;

import org.jspecify.annotations.NullMarked;
