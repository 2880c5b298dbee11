package io.trayb;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this process is called where people look for it: in the process table and in {@code worker} fields. */
final class ProcessName {
    private ProcessName() {}

    /** Host and process id, such as {@code worker-3:4711}. */
    static String current() {
        return host() + ":" + ProcessHandle.current().pid();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that doesn't know its own name still has a process id.
            return "localhost";
        }
    }
}
