package io.trayb.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * How often TCP connections of this host have waited in vain for an acknowledgement, all together and since its start: the kernel's
 * {@code TCPTimeouts} in {@code /proc/net/netstat}, of which there is one line of names for each line of numbers. Every
 * retransmission after a time-out is counted there, so while the number stays, no peer has fallen silent, and the long list of all
 * connections (see {@link TcpTable}) has nothing new to say. Thread-safe.
 */
final class TcpTimeouts {
    private static final Path LINUX = Path.of("/proc/net/netstat");
    private static final String GROUP = "TcpExt:";
    private static final String NAME = "TCPTimeouts";

    private final Path statistics;

    /** @param statistics a file in that format; one that isn't there says nothing */
    TcpTimeouts(Path statistics) {
        this.statistics = Objects.requireNonNull(statistics, "statistics");
    }

    /** Of this host; nothing on a system that isn't Linux. */
    static TcpTimeouts ofThisHost() {
        return new TcpTimeouts(LINUX);
    }

    /**
     * How many there were; empty where the system doesn't say.
     *
     * @throws IOException when the statistics are there and can't be read
     */
    OptionalLong count() throws IOException {
        if (!Files.isReadable(statistics)) {
            return OptionalLong.empty();
        }
        List<List<String>> group = Files.readAllLines(statistics, StandardCharsets.US_ASCII).stream()
                .filter(line -> line.startsWith(GROUP))
                .map(line -> Arrays.asList(line.trim().split(" +")))
                .toList();
        int column = group.isEmpty() ? -1 : group.get(0).indexOf(NAME);
        if (column < 0 || group.size() < 2 || column >= group.get(1).size()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseUnsignedLong(group.get(1).get(column)));
    }
}
