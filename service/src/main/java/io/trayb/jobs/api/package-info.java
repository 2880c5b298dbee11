/** Jobs, queues and schedules over HTTP. */
@NullMarked
package io.trayb.jobs.api;

import org.jspecify.annotations.NullMarked;
