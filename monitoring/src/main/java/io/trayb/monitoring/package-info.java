/** Declarations of what Trayb measures and watches, and the generator that renders them. */
@NullMarked
package io.trayb.monitoring;

import org.jspecify.annotations.NullMarked;
