/**
 * PgBouncer, where there is one before Postgres: what its console says, for the metrics and for the check of sizes at start.
 *
 * <pre>
 *   PoolWatch ──┐
 *               ├──▶ Console ──▶ SignIn, Wire ──▶ PgBouncer
 *   SizeCheck ──┘ └─▶ Postgres (its limits)
 * </pre>
 */
@NullMarked
package io.trayb.pgbouncer;

import org.jspecify.annotations.NullMarked;
