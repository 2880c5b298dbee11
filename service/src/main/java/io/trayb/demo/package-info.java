/**
 * The {@code demo} command: a client of a running service, which it knows only by its HTTP contract. It submits a mixed load of sample
 * jobs and shows them live from the event stream.
 */
@NullMarked
package io.trayb.demo;

import org.jspecify.annotations.NullMarked;
