/** The launcher is a program in bash; these tests run it as people do. */
@NullMarked
package io.trayb.launcher;

import org.jspecify.annotations.NullMarked;
