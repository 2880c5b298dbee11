/**
 * Background jobs: what a job is, the queue that keeps it, and the extension point {@link io.trayb.jobs.JobHandler} that
 * runs it.
 *
 * <p>{@link io.trayb.jobs.JobQueue} (for those who give work) and {@link io.trayb.jobs.JobLeases} (for those who do it) are the
 * ways in: each of their methods is one transition of the state machine, made
 * durable in one transaction and told as events after the commit.
 */
@NullMarked
package io.trayb.jobs;

import org.jspecify.annotations.NullMarked;
