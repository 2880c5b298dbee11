/** What the generator refuses: one check a file, each told apart by its name, all findings at once. */
@NullMarked
package io.trayb.monitoring.lint;

import org.jspecify.annotations.NullMarked;
