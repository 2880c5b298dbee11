package io.trayb.jobs.handlers;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are out in the internet: not on this host, not in its network, and nothing that the IANA has set aside for
 * special use (its registries of special-purpose addresses, which began as RFC 6890), or a cloud for itself.
 */
final class PublicAddresses {
    private static final List<AddressRange> SPECIAL_IPV4 = ranges(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // behind a carrier's NAT
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, the metadata of clouds among it
            "168.63.129.16/32", // Azure's hosts to the machines on them: public by its number only
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    /** The only part of IPv6 from which addresses on the internet are given out; all that carries IPv4 in front is outside. */
    private static final List<AddressRange> GLOBAL_IPV6 = ranges("2000::/3");

    private static final List<AddressRange> SPECIAL_IPV6 = ranges(
            "2001::/23", // protocol assignments: Teredo, which carries IPv4, and benchmarks
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4, which carries IPv4
            "3fff::/20"); // documentation

    private PublicAddresses() {}

    static boolean contains(InetAddress address) {
        if (address instanceof Inet6Address ipv6) {
            return within(GLOBAL_IPV6, ipv6) && !within(SPECIAL_IPV6, ipv6) && !InetAddresses.isIsatapAddress(ipv6);
        }
        return !within(SPECIAL_IPV4, address);
    }

    private static boolean within(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts)
                .map(text -> AddressRange.parse(text).orElseThrow())
                .toList();
    }
}
