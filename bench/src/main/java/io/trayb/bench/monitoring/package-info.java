/** Benchmarks of the monitoring itself, with JMH: what it costs to generate, to be scraped, and to count a request. */
@NullMarked
package io.trayb.bench.monitoring;

import org.jspecify.annotations.NullMarked;
