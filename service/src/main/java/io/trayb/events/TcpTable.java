package io.trayb.events;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * The kernel's list of this host's TCP connections, as Linux tells it in {@code /proc/net/tcp} and {@code tcp6} (the format is in
 * the kernel's Documentation/networking/proc_net_tcp.rst). Java has no way to ask a socket. Thread-safe.
 */
final class TcpTable {
    /** The two ends of a connection. */
    record Ends(InetSocketAddress local, InetSocketAddress remote) {}

    private static final List<Path> LINUX = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private static final String ESTABLISHED = "01";
    /** What the timer of a connection is for: here, for sending again what wasn't acknowledged. */
    private static final String RETRANSMITTING = "01:";

    private final List<Path> tables;

    /** @param tables files in that format; those that aren't there say nothing */
    TcpTable(List<Path> tables) {
        this.tables = tables.stream().filter(Files::isReadable).toList();
    }

    /** This host's own; one that says nothing on a system that isn't Linux. */
    static TcpTable ofThisHost() {
        return new TcpTable(LINUX);
    }

    /** Whether this system tells. */
    boolean isKnown() {
        return !tables.isEmpty();
    }

    /**
     * The connections whose peer has left so many retransmissions in a row unanswered. A peer that is slow, or that has stopped
     * reading, answers.
     *
     * @throws IOException when a table can't be read
     */
    Set<Ends> unanswered(int retransmissions) throws IOException {
        Set<Ends> found = new HashSet<>();
        for (Path table : tables) {
            try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
                // The first line names the columns.
                lines.readLine();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    addUnanswered(line, retransmissions, found);
                }
            }
        }
        return found;
    }

    /** A line is {@code sl local remote state tx:rx timer:when retransmits …}, all of it hexadecimal. */
    private static void addUnanswered(String line, int retransmissions, Set<Ends> found) throws IOException {
        // Most connections wait for nothing: no need to take their lines apart.
        if (!line.contains(" " + RETRANSMITTING)) {
            return;
        }
        StringTokenizer columns = new StringTokenizer(line);
        if (columns.countTokens() < 7) {
            throw new IOException("not a line of the kernel's list of connections: " + line);
        }
        columns.nextToken();
        String local = columns.nextToken();
        String remote = columns.nextToken();
        String state = columns.nextToken();
        columns.nextToken();
        String timer = columns.nextToken();
        int unanswered = HexFormat.fromHexDigits(columns.nextToken());
        if (state.equals(ESTABLISHED) && timer.startsWith(RETRANSMITTING) && unanswered >= retransmissions) {
            found.add(new Ends(address(local), address(remote)));
        }
    }

    /** {@code 0100007F:1F90}: words of the address in the machine's byte order, each as a number; then the port. */
    private static InetSocketAddress address(String column) throws UnknownHostException {
        int colon = column.indexOf(':');
        byte[] bytes = HexFormat.of().parseHex(column, 0, colon);
        ByteBuffer words = ByteBuffer.wrap(bytes);
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int at = 0; at < bytes.length; at += Integer.BYTES) {
                words.putInt(at, Integer.reverseBytes(words.getInt(at)));
            }
        }
        // An IPv4 address inside an IPv6 one becomes the IPv4 address that it is.
        return new InetSocketAddress(
                InetAddress.getByAddress(bytes), HexFormat.fromHexDigits(column, colon + 1, column.length()));
    }
}
