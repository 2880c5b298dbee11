/** API keys: what they may do, and who a request comes from. */
@NullMarked
package io.trayb.keys;

import org.jspecify.annotations.NullMarked;
