/** What API keys cost a request, with JMH. */
@NullMarked
package io.trayb.bench.keys;

import org.jspecify.annotations.NullMarked;
