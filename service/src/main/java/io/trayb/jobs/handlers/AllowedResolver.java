package io.trayb.jobs.handlers;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
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

    private final HttpAllowList allowed;

    AllowedResolver(HttpAllowList allowed) {
        this.allowed = allowed;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] all = SystemDefaultDnsResolver.INSTANCE.resolve(host);
        InetAddress[] usable = Arrays.stream(all)
                .filter(address -> allowed.allowsAddress(host, address))
                .toArray(InetAddress[]::new);
        if (usable.length == 0) {
            throw new NotAllowedException(host);
        }
        return usable;
    }

    @Override
    public @Nullable String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }
}
