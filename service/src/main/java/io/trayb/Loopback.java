package io.trayb;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a host is this machine's loopback, which nobody else reaches. */
final class Loopback {
    private Loopback() {}

    /** A host without a name binds to every interface; a name that doesn't resolve binds to none, and Jetty will say so. */
    static boolean is(@Nullable String host) {
        if (host == null || host.isBlank()) {
            return false;
        }
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
