/** Postgres: where it is, the pool of connections to it, the schema its tables are in, and their migrations. */
@NullMarked
package io.trayb.database;

import org.jspecify.annotations.NullMarked;
