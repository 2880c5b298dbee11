package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What was read off a kernel on a little-endian machine. */
@EnabledIf("isLittleEndian")
class TcpTableTest {
    private static final String COLUMNS =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";

    @TempDir
    Path directory;

    static boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    @Test
    void finds_the_connection_that_answers_nothing_and_no_other() throws Exception {
        TcpTable table = table("""
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1
               1: 0100007F:1F90 0200630A:C350 01 0000000F:00000000 01:00000300 00000005     0        0 2
               2: 0100007F:1F90 0300630A:C350 01 0000000F:00000000 01:00000300 00000004     0        0 3
               3: 0100007F:1F90 0400630A:C350 01 00100000:00000000 04:00000300 00000009     0        0 4
               4: 0100007F:1F90 0500630A:C350 02 00000001:00000000 01:00000300 00000009     0        0 5
            """);

        assertThat(table.unanswered(5))
                .containsExactly(new TcpTable.Ends(end("127.0.0.1", 8080), end("10.99.0.2", 50_000)));
    }

    @Test
    void reads_addresses_of_both_kinds() throws Exception {
        TcpTable table = table("""
               0: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000200630A:C350 01 0F:00 01:0300 0006 0 0 2
               1: B80D0120000000000000000001000000:1F90 B80D0120000000000000000002000000:C351 01 0F:00 01:0300 000A 0 0 2
            """);

        assertThat(table.unanswered(5))
                .containsExactlyInAnyOrder(
                        new TcpTable.Ends(end("127.0.0.1", 8080), end("10.99.0.2", 50_000)),
                        new TcpTable.Ends(end("2001:db8::1", 8080), end("2001:db8::2", 50_001)));
    }

    @Test
    void says_what_it_cannot_read() {
        assertThatThrownBy(() -> table("   0: 0100007F:1F90 01:0300\n").unanswered(5))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("0100007F:1F90 01:0300");
    }

    @Test
    void knows_nothing_where_there_is_no_such_list() throws Exception {
        TcpTable table = new TcpTable(List.of(directory.resolve("absent")));

        assertThat(table.isKnown()).isFalse();
        assertThat(table.unanswered(1)).isEmpty();
    }

    private static InetSocketAddress end(String address, int port) {
        return new InetSocketAddress(InetAddresses.forString(address), port);
    }

    private TcpTable table(String lines) throws IOException {
        return new TcpTable(List.of(Files.writeString(directory.resolve("tcp"), COLUMNS + lines)));
    }
}
