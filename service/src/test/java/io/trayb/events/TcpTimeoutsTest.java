package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpTimeoutsTest {
    @TempDir
    Path directory;

    @Test
    void finds_the_number_under_its_name_wherever_the_kernel_has_put_it() throws Exception {
        assertThat(timeouts("""
                TcpExt: SyncookiesSent TCPFastRetrans TCPTimeouts TCPLossProbes
                TcpExt: 1 22 333 4444
                IpExt: InNoRoutes TCPTimeouts
                IpExt: 5 6
                """).count()).hasValue(333);
    }

    @Test
    void says_nothing_where_the_system_doesnt() throws Exception {
        assertThat(timeouts("TcpExt: SyncookiesSent\nTcpExt: 1\n").count()).isEmpty();
        assertThat(timeouts("TcpExt: SyncookiesSent TCPTimeouts\n").count()).isEmpty();
        assertThat(timeouts("TcpExt: SyncookiesSent TCPTimeouts\nTcpExt: 1\n").count())
                .isEmpty();
        assertThat(timeouts("").count()).isEmpty();
        assertThat(new TcpTimeouts(directory.resolve("absent")).count()).isEmpty();
    }

    private TcpTimeouts timeouts(String statistics) throws IOException {
        return new TcpTimeouts(Files.writeString(directory.resolve("netstat"), statistics));
    }
}
