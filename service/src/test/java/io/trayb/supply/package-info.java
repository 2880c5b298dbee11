/** What the service is made of, and what its documents say about that. */
@NullMarked
package io.trayb.supply;

import org.jspecify.annotations.NullMarked;
