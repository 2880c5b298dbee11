/** How this program's own threads wait, work and stop. */
@NullMarked
package io.trayb.threads;

import org.jspecify.annotations.NullMarked;
