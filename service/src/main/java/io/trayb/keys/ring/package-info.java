/** The keys that a process knows, and how it keeps up with changes. */
@NullMarked
package io.trayb.keys.ring;

import org.jspecify.annotations.NullMarked;
