/** The Trayb service: configuration, wiring and command line. */
@NullMarked
package io.trayb;

import org.jspecify.annotations.NullMarked;
