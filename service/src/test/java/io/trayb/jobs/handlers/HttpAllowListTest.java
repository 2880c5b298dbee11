package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAllowListTest {
    private final HttpAllowList list =
            new HttpAllowList(List.of("hooks.example.com", "*.example.org", "10.0.0.0/8", "127.0.0.1", "fd00::/8"));

    @Test
    void allows_nothing_by_default() {
        assertThat(new HttpAllowList(List.of()).allowsHost("example.com", 443)).isFalse();
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
        assertThat(list.allowsHost(host, 443)).isTrue();
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
        assertThat(list.allowsHost(host, 443)).isFalse();
    }

    /** One of each range that is set aside, and IPv6 addresses that lead to an IPv4 address inside. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.2",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:0:7f00:1",
                "64:ff9b::7f00:1",
                "64:ff9b:1::a9fe:a9fe",
                "100::1",
                "2001:0:a9fe:a9fe::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2600::5efe:7f00:1",
                "2600::200:5efe:a00:1",
                "3fff::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void a_name_may_not_lead_to_an_address_that_is_not_public(String address) {
        assertThat(new HttpAllowList(List.of("hooks.example.com"))
                        .allowsAddress("hooks.example.com", InetAddresses.forString(address), 443))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "93.184.216.34",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.0.1.1",
                "198.17.255.255",
                "223.255.255.255",
                "2606:2800:220:1::1",
                "10.0.0.9"
            })
    void a_name_may_lead_to_a_public_address_or_one_that_is_listed(String address) {
        assertThat(list.allowsAddress("hooks.example.com", InetAddresses.forString(address), 443))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "hooks.example.com, 8443, true",
        "hooks.example.com, 443, false",
        "a.example.org, 80, true",
        "a.example.org, 81, false",
        "10.0.0.7, 9000, true",
        "10.0.0.7, 9001, false",
        "192.168.3.4, 22, true",
        "192.168.3.4, 23, false",
        "[fd00::1], 5000, true",
        "[fd00::1], 5001, false",
        "any.example.net, 1, true"
    })
    void an_entry_with_a_port_is_for_that_port_alone(String host, int port, boolean allowed) {
        HttpAllowList ports = new HttpAllowList(List.of(
                "hooks.example.com:8443",
                "*.example.org:80",
                "10.0.0.7:9000",
                "192.168.0.0/16:22",
                "[fd00::1]:5000",
                "any.example.net"));

        assertThat(ports.allowsHost(host, port)).isEqualTo(allowed);
    }

    @Test
    void an_address_that_is_listed_for_one_port_is_not_reached_by_a_name_on_another() {
        HttpAllowList ports = new HttpAllowList(List.of("hooks.example.com", "10.0.0.7:9000"));

        assertThat(ports.allowsAddress("hooks.example.com", InetAddresses.forString("10.0.0.7"), 9000))
                .isTrue();
        assertThat(ports.allowsAddress("hooks.example.com", InetAddresses.forString("10.0.0.7"), 22))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://x",
                "10.0.0.0/33",
                "a b",
                "10.0.0.0/x",
                "*",
                "*.",
                "exa_mple",
                "host:0",
                "host:65536",
                "host:http",
                "[fd00::1",
                "2130706433",
                "127.1",
                "0x7f.1",
                "017700000001",
                "user@host",
                "a..b",
                ""
            })
    void refuses_an_entry_of_no_known_form(String entry) {
        assertThatThrownBy(() -> new HttpAllowList(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + entry + "'");
    }

    @Test
    void a_long_entry_is_refused_quickly() {
        assertThatThrownBy(() -> new HttpAllowList(List.of("a-".repeat(50_000) + ".example.com")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HttpAllowList(List.of("a.".repeat(50_000) + "1")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
