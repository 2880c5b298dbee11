/** How log lines look. */
@NullMarked
package io.trayb.logging;

import org.jspecify.annotations.NullMarked;
