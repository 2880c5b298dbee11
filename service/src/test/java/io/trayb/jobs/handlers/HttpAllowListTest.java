package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAllowListTest {
    private final HttpAllowList list =
            new HttpAllowList(List.of("hooks.example.com", "*.example.org", "10.0.0.0/8", "127.0.0.1", "fd00::/8"));

    @Test
    void allows_nothing_by_default() {
        assertThat(new HttpAllowList(List.of()).allowsHost("example.com")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hooks.example.com",
                "HOOKS.example.com.",
                "a.example.org",
                "a.b.example.org",
                "10.1.2.3",
                "[fd00::1]"
            })
    void allows_what_is_listed(String host) {
        assertThat(list.allowsHost(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "x.hooks.example.com",
                "example.org",
                "badexample.org",
                "11.0.0.1",
                "127.0.0.2",
                "::1"
            })
    void allows_nothing_else(String host) {
        assertThat(list.allowsHost(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.2",
                "0.0.0.0",
                "169.254.169.254",
                "192.168.1.1",
                "172.16.0.1",
                "100.64.0.1",
                "198.18.0.1",
                "192.0.0.1",
                "240.0.0.1",
                "224.0.0.1",
                "::1",
                "fe80::1",
                "fc00::1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1"
            })
    void a_name_may_not_lead_to_an_address_that_is_not_public(String address) {
        assertThat(new HttpAllowList(List.of("hooks.example.com"))
                        .allowsAddress("hooks.example.com", InetAddresses.forString(address)))
                .isFalse();
    }

    @Test
    void a_name_may_lead_to_a_public_address_or_one_that_is_listed() {
        assertThat(list.allowsAddress("hooks.example.com", InetAddresses.forString("93.184.216.34")))
                .isTrue();
        assertThat(list.allowsAddress("hooks.example.com", InetAddresses.forString("10.0.0.9")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://x", "10.0.0.0/33", "a b", "10.0.0.0/x", "*", "*.", "exa_mple"})
    void refuses_an_entry_of_no_known_form(String entry) {
        assertThatThrownBy(() -> new HttpAllowList(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(entry);
    }
}
