/** Writes the generated files below a root, or says in which of them the disk and the code differ. */
@NullMarked
package io.trayb.monitoring.generate;

import org.jspecify.annotations.NullMarked;
