package io.trayb.jobs.handlers;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the {@code http} job type may call: by default nothing. Immutable.
 *
 * <p>An entry is a host name ({@code hooks.example.com}), a domain with all below it ({@code *.example.com}), an address
 * ({@code 10.0.0.7}) or a range ({@code 10.0.0.0/8}). A name that is allowed still may not lead to an address that isn't
 * public, unless the address is allowed as well (or the name is {@code localhost}, which can't lead elsewhere).
 */
public final class HttpAllowList {
    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\\.?");

    /** Addresses whose first {@code prefix} bits are these. */
    private static final class Range {
        private final byte[] network;
        private final int prefix;

        Range(byte[] network, int prefix) {
            this.network = network;
            this.prefix = prefix;
        }

        boolean contains(InetAddress address) {
            byte[] bytes = address.getAddress();
            if (bytes.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((bytes[bit / 8] & mask) != (network[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Set<String> names = new HashSet<>();
    private final List<String> domains = new ArrayList<>();
    private final List<Range> ranges = new ArrayList<>();

    /** @throws IllegalArgumentException if an entry is none of the four forms */
    public HttpAllowList(List<String> entries) {
        for (String entry : entries) {
            String lower = entry.toLowerCase(Locale.ROOT);
            if (lower.indexOf('/') >= 0 || InetAddresses.isInetAddress(unbracketed(lower))) {
                ranges.add(range(lower));
            } else if (!NAME.matcher(lower).matches()) {
                throw new IllegalArgumentException("jobs.httpAllow has '" + entry
                        + "', but must have host names, *.domains, addresses or ranges such as 10.0.0.0/8");
            } else if (lower.startsWith("*.")) {
                domains.add(withoutDot(lower.substring(1)));
            } else {
                names.add(withoutDot(lower));
            }
        }
    }

    /** Whether a URL may name this host. */
    public boolean allowsHost(String host) {
        String lower = withoutDot(unbracketed(host.toLowerCase(Locale.ROOT)));
        if (InetAddresses.isInetAddress(lower)) {
            return isListed(InetAddresses.forString(lower));
        }
        return names.contains(lower) || domains.stream().anyMatch(lower::endsWith);
    }

    /** Whether a connection to this address may be opened on behalf of this host. */
    public boolean allowsAddress(String host, InetAddress address) {
        return isListed(address)
                || isPublic(address)
                || (address.isLoopbackAddress() && "localhost".equalsIgnoreCase(host) && names.contains("localhost"));
    }

    private boolean isListed(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** Neither this host, nor this network, nor anything that RFC 6890 sets aside for special use. */
    private static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet4Address) {
            boolean thisNetwork = first == 0;
            boolean sharedCarrier = first == 100 && second >= 64 && second <= 127;
            boolean benchmark = first == 198 && (second == 18 || second == 19);
            boolean protocolAssignments = first == 192 && second == 0;
            return !(thisNetwork || sharedCarrier || benchmark || protocolAssignments || first >= 240);
        }
        boolean uniqueLocal = (first & 0xfe) == 0xfc;
        boolean carriesIpv4 = address instanceof Inet6Address v6
                && (InetAddresses.hasEmbeddedIPv4ClientAddress(v6) || (first == 0 && second == 0x64));
        return !(uniqueLocal || carriesIpv4);
    }

    private static Range range(String entry) {
        int slash = entry.indexOf('/');
        String address = unbracketed(slash < 0 ? entry : entry.substring(0, slash));
        if (InetAddresses.isInetAddress(address)) {
            byte[] network = InetAddresses.forString(address).getAddress();
            int bits = network.length * 8;
            String prefix = slash < 0 ? Integer.toString(bits) : entry.substring(slash + 1);
            if (prefix.matches("\\d{1,3}") && Integer.parseInt(prefix) <= bits) {
                return new Range(network, Integer.parseInt(prefix));
            }
        }
        throw new IllegalArgumentException(
                "jobs.httpAllow has '" + entry + "', but a range must be like 10.0.0.0/8 or fd00::/8");
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
