/** Benchmarks: what the service does in a second and how long its clients wait, beside a yardstick on the same Postgres. */
@NullMarked
package io.trayb.bench;

import org.jspecify.annotations.NullMarked;
