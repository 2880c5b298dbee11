/** What every HTTP answer has in common: problem details, strict JSON, limits, the one place that turns exceptions into answers. */
@NullMarked
package io.trayb.http;

import org.jspecify.annotations.NullMarked;
