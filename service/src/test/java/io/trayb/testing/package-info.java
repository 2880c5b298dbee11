/** What tests share: real engines, one of each a JVM; and the whole of them together, {@link io.trayb.testing.Topology}. */
@NullMarked
package io.trayb.testing;

import org.jspecify.annotations.NullMarked;
