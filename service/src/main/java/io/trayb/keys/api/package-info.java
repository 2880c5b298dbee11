/** API keys over HTTP: who is let in, and the calls that make, list and revoke keys. */
@NullMarked
package io.trayb.keys.api;

import org.jspecify.annotations.NullMarked;
