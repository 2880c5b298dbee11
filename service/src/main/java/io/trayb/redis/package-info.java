/** Redis: where it is, and the connections to it. */
@NullMarked
package io.trayb.redis;

import org.jspecify.annotations.NullMarked;
