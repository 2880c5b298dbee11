/** How API keys are kept. */
@NullMarked
package io.trayb.keys.store;

import org.jspecify.annotations.NullMarked;
