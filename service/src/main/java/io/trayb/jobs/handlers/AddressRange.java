package io.trayb.jobs.handlers;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.Optional;

/** The addresses whose first bits are alike, such as {@code 10.0.0.0/8}; a lone address is a range of one. Immutable. */
final class AddressRange {
    private final byte[] network;
    private final int prefix;

    private AddressRange(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /** Reads {@code 10.0.0.7}, {@code 10.0.0.0/8}, {@code fd00::/8} or {@code [fd00::1]}; empty if it is none of these. */
    static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        String address = unbracketed(slash < 0 ? text : text.substring(0, slash));
        if (!isAddress(address)) {
            return Optional.empty();
        }
        byte[] network = InetAddresses.forString(address).getAddress();
        int bits = network.length * 8;
        String prefix = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        if (!prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > bits) {
            return Optional.empty();
        }
        return Optional.of(new AddressRange(network, Integer.parseInt(prefix)));
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

    /** Whether it is one, written in full; not if it names an interface ({@code fe80::1%eth0}), which others may not choose. */
    static boolean isAddress(String text) {
        return text.indexOf('%') < 0 && InetAddresses.isInetAddress(text);
    }

    static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
