/** What tests share: real engines, one of each a JVM. */
@NullMarked
package io.trayb.testing;

import org.jspecify.annotations.NullMarked;
