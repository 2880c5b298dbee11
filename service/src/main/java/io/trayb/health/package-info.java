/** Whether this process lives, whether it should get traffic, and whether what it depends on answers. */
@NullMarked
package io.trayb.health;

import org.jspecify.annotations.NullMarked;
