package io.trayb.jobs.handlers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up and hands on only addresses that may be called. The connection is opened to exactly what is handed on, so a
 * name that changes its address between a check and the call (DNS rebinding) gains nothing. Thread-safe.
 */
final class AllowedResolver implements DnsResolver {
    /** The name is known and leads only where nobody may go. */
    static final class NotAllowedException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        NotAllowedException(String host) {
            super("host '" + host + "' leads to an address that isn't public and isn't in jobs.httpAllow");
        }
    }

    /** Of a question that names no port: what is listed for one port only doesn't count. */
    private static final int NO_PORT = 0;

    private final HttpAllowList allowed;
    private final DnsResolver names;

    /** @param names knows what all names lead to */
    AllowedResolver(HttpAllowList allowed, DnsResolver names) {
        this.allowed = allowed;
        this.names = names;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        return usable(host, NO_PORT);
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return Arrays.stream(usable(host, port))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private InetAddress[] usable(String host, int port) throws UnknownHostException {
        InetAddress[] usable = Arrays.stream(names.resolve(host))
                .filter(address -> allowed.allowsAddress(host, address, port))
                .toArray(InetAddress[]::new);
        if (usable.length == 0) {
            throw new NotAllowedException(host);
        }
        return usable;
    }

    @Override
    public @Nullable String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
