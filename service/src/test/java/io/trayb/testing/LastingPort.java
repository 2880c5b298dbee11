package io.trayb.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that a program finds free again when it comes back: from below those that the kernel lends to outgoing connections, of which a
 * machine under test opens thousands a minute.
 */
final class LastingPort {
    private static final Path LENT = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    /** Lower ones have names. */
    private static final int FIRST = 10_240;
    /** Where the kernel doesn't say: RFC 6335's dynamic ports. */
    private static final int USUALLY_LENT_FROM = 49_152;

    private static final int TRIES = 100;

    private LastingPort() {}

    /** One that nobody listens at. */
    static int free() throws IOException {
        int end = Files.exists(LENT)
                ? Integer.parseInt(Files.readString(LENT).strip().split("\\s+", 2)[0])
                : USUALLY_LENT_FROM;
        if (end <= FIRST) {
            // The kernel lends all of them; then these are as good as any.
            end = USUALLY_LENT_FROM;
        }
        for (int tried = 0; tried < TRIES; tried++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, end);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port from " + FIRST + " to " + end + " is free, of " + TRIES + " that were tried");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
