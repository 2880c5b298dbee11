/** Which parts of the service a process has: who answers the jobs API, who carries event streams, who runs jobs. */
@NullMarked
package io.trayb.roles;

import org.jspecify.annotations.NullMarked;
