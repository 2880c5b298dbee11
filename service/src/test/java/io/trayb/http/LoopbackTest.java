package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost",
                "127.0.0.1",
                "127.255.255.254",
                "::1",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "::ffff:127.0.0.1"
            })
    void these_are_loopback(String host) {
        assertThat(Loopback.is(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0.0.0.0",
                "::",
                "192.0.2.1",
                "128.0.0.1",
                "2001:db8::1",
                "localhost.example.org",
                "127.0.0.1.example.org",
                "127.example.org",
                "[localhost",
                "127.0.0.256"
            })
    void these_are_not(String host) {
        assertThat(Loopback.is(host)).isFalse();
    }

    @Test
    void no_host_at_all_binds_to_every_interface_and_is_not() {
        assertThat(Loopback.is(null)).isFalse();
    }
}
