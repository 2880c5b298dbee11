/** What clients ask for over and over, kept in Redis: skipped while Redis is away, never older than the asking client's own write. */
@NullMarked
package io.trayb.cache;

import org.jspecify.annotations.NullMarked;
