/**
 * The SQL of the queue: one class for each kind of transition, one text block a statement.
 *
 * <p>Statements are written with bare table names; the schema is put in front of them by {@code io.trayb.database}. All times
 * are the database's. Every statement that locks more than one job locks them in the order of their ids or skips what is
 * locked, so that no two of them can wait for each other.
 */
@NullMarked
package io.trayb.jobs.store;

import org.jspecify.annotations.NullMarked;
