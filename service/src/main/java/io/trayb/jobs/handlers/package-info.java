/** The built-in job types, for trying things out, for probes and for drills. */
@NullMarked
package io.trayb.jobs.handlers;

import org.jspecify.annotations.NullMarked;
