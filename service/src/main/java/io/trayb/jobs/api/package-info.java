/** Jobs and queues over HTTP. */
@NullMarked
package io.trayb.jobs.api;

import org.jspecify.annotations.NullMarked;
