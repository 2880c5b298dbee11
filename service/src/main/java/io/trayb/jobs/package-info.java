/**
 * Background jobs: what a job is, the queue that keeps it, and the extension point {@link io.trayb.jobs.JobHandler} that
 * runs it.
 *
 * <p>{@link io.trayb.jobs.JobQueue} is the one way in: each of its methods is one transition of the state machine, made
 * durable in one transaction and told as events after the commit.
 */
@NullMarked
package io.trayb.jobs;

import org.jspecify.annotations.NullMarked;
