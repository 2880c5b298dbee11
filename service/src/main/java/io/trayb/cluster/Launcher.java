package io.trayb.cluster;

import java.io.IOException;

/** Starts service processes. */
@FunctionalInterface
interface Launcher {
    /**
     * Starts one.
     *
     * @throws IOException when the machine lets no process start, such as for a lack of memory, of threads or of files
     */
    Child start(Member member) throws IOException;
}
