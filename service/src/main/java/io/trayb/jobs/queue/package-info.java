/**
 * The queue: each method of {@link io.trayb.jobs.queue.JobQueue} (for those who give work), {@link io.trayb.jobs.queue.JobLeases}
 * (for the process that does it) and {@link io.trayb.jobs.queue.RemoteWorkers} (for workers over HTTP) is one transition of the
 * state machine, made durable in one transaction and told as events after the commit.
 */
@NullMarked
package io.trayb.jobs.queue;

import org.jspecify.annotations.NullMarked;
