/**
 * Background jobs: what a job is, and the extension point {@link io.trayb.jobs.JobHandler} that runs it.
 *
 * <p>The packages below it depend on this one, and on each other in one direction only:
 *
 * <pre>
 *   api, worker ──▶ queue ──▶ store ──▶ (this package)
 *   api ──▶ schedule ──▶ queue, store
 *   handlers ──▶ (this package)
 * </pre>
 */
@NullMarked
package io.trayb.jobs;

import org.jspecify.annotations.NullMarked;
