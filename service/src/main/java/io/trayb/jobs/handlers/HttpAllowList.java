package io.trayb.jobs.handlers;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the {@code http} job type may call: by default nothing. Immutable.
 *
 * <p>An entry is a host name ({@code hooks.example.com}), a domain with all below it ({@code *.example.com}), an address
 * ({@code 10.0.0.7}) or a range ({@code 10.0.0.0/8}), on all ports or with a {@code :port} on that one. A name that is allowed still
 * may not lead to an address that isn't {@linkplain PublicAddresses public}, unless the address is allowed as well (or the name is
 * {@code localhost}, which can't lead elsewhere).
 */
public final class HttpAllowList {
    /** The longest name that DNS has. */
    private static final int MAX_LENGTH = 253;

    /** The last part begins with a letter: what ends in a number is an address in one of the ways to write one. */
    private static final Pattern NAME = Pattern.compile("(?:\\*\\.)?(?:[a-z0-9-]++\\.)*+[a-z][a-z0-9-]*+");

    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]+\\](?:/[0-9]+)?|[^:\\[]+):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    /** Any port; beside it none is negative. */
    private static final int ANY = -1;

    private record Name(String name, int port) {
        boolean allows(String host, int wanted) {
            boolean same = name.startsWith(".") ? host.endsWith(name) : host.equals(name);
            return same && (port == ANY || port == wanted);
        }
    }

    private record Addresses(AddressRange range, int port) {
        boolean allows(InetAddress address, int wanted) {
            return range.contains(address) && (port == ANY || port == wanted);
        }
    }

    /** Domains begin with a dot. */
    private final List<Name> names = new ArrayList<>();

    private final List<Addresses> addresses = new ArrayList<>();

    /** @throws IllegalArgumentException if an entry is of no form that there is */
    public HttpAllowList(List<String> entries) {
        entries.forEach(this::add);
    }

    private void add(String entry) {
        String place = entry.toLowerCase(Locale.ROOT);
        int port = ANY;
        Matcher withPort = WITH_PORT.matcher(place);
        if (withPort.matches()) {
            place = withPort.group(1);
            port = Integer.parseInt(withPort.group(2));
        }
        place = withoutDot(place);
        Optional<AddressRange> range = AddressRange.parse(place);
        boolean named = place.length() <= MAX_LENGTH && NAME.matcher(place).matches();
        if (port == 0 || port > MAX_PORT || (range.isEmpty() && !named)) {
            throw new IllegalArgumentException(
                    "jobs.httpAllow has '" + entry
                            + "', but must have host names, *.domains, addresses or ranges such as 10.0.0.0/8, each with or without a :port");
        }
        if (range.isPresent()) {
            addresses.add(new Addresses(range.get(), port));
        } else {
            names.add(new Name(place.startsWith("*.") ? place.substring(1) : place, port));
        }
    }

    /** Whether a URL may name this host, and this port of it. */
    public boolean allowsHost(String host, int port) {
        String lower = withoutDot(AddressRange.unbracketed(host.toLowerCase(Locale.ROOT)));
        if (AddressRange.isAddress(lower)) {
            return isListed(InetAddresses.forString(lower), port);
        }
        return names.stream().anyMatch(name -> name.allows(lower, port));
    }

    /** Whether a connection to this address may be opened on behalf of this host. */
    public boolean allowsAddress(String host, InetAddress address, int port) {
        return isListed(address, port)
                || PublicAddresses.contains(address)
                || (address.isLoopbackAddress() && "localhost".equalsIgnoreCase(host) && allowsHost(host, port));
    }

    private boolean isListed(InetAddress address, int port) {
        return addresses.stream().anyMatch(listed -> listed.allows(address, port));
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
