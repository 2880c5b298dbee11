/** What happens to jobs, told live: the log in Redis, the hub of this process, and the streams and polls that read from both. */
@NullMarked
package io.trayb.events;

import org.jspecify.annotations.NullMarked;
