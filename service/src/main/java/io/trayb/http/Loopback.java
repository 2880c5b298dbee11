package io.trayb.http;

import com.google.common.net.InetAddresses;
import org.jspecify.annotations.Nullable;

/**
 * Whether a host is this machine's loopback, which nobody else reaches.
 *
 * <p>Told by the text alone. A name is never resolved: whoever owns a name can have it lead to 127.0.0.1 (DNS rebinding), and a
 * page that was loaded from that name could then read all that is served there.
 */
public final class Loopback {
    /** What is allowed, for sentences. */
    public static final String ALLOWED = "localhost, an address in 127.0.0.0/8, or [::1]";

    private Loopback() {}

    /** Whether it is one of {@link #ALLOWED}, an IPv6 address with or without its brackets; no host at all is not. */
    public static boolean is(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return bare.equalsIgnoreCase("localhost")
                || (InetAddresses.isInetAddress(bare)
                        && InetAddresses.forString(bare).isLoopbackAddress());
    }
}
