package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.core.Configuration;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.trayb.testing.RawHttp;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a web page could do to a service on this machine's loopback, on both ports. */
@ExtendWith(DropwizardExtensionsSupport.class)
class LoopbackFilterTest {
    private static final DropwizardAppExtension<Configuration> app = new DropwizardAppExtension<>(
            ProbeApplication.class,
            null,
            ConfigOverride.config("server.applicationConnectors[0].port", "0"),
            ConfigOverride.config("server.adminConnectors[0].port", "0"));

    @ParameterizedTest
    @MethodSource("foreignOrigins")
    void a_page_of_another_origin_is_refused_whatever_it_asks_for(int port, String origin) throws Exception {
        for (String request :
                new String[] {"GET /refusing", "POST /api/probe", "POST /tasks/gc", "OPTIONS /api/probe"}) {
            String answer = RawHttp.send(port, request, "Host: 127.0.0.1:" + port, "Origin: " + origin);

            assertThat(answer)
                    .startsWith("HTTP/1.1 403")
                    .containsIgnoringCase("Content-Type: application/problem+json")
                    .contains("This port asks for no API key")
                    .contains("\"field\":\"Origin\",\"value\":\"" + origin + "\"")
                    .contains("must be an origin on localhost, an address in 127.0.0.0/8, or [::1], or left out");
        }
    }

    @ParameterizedTest
    @MethodSource("foreignHosts")
    void a_page_whose_name_was_pointed_here_reads_nothing(int port, String host) throws Exception {
        String answer = RawHttp.send(port, "GET /", "Host: " + host + ":" + port);

        assertThat(answer)
                .startsWith("HTTP/1.1 403")
                .contains("call it by http://127.0.0.1:" + port)
                .contains("\"field\":\"Host\",\"value\":\"" + host + "\"");
    }

    @ParameterizedTest
    @MethodSource("ports")
    void the_same_in_the_request_line_is_refused_too(int port) throws Exception {
        assertThat(RawHttp.send(port, "GET http://rebound.example/refusing", "Host: rebound.example"))
                .startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @MethodSource("ports")
    void programs_and_pages_of_this_machine_are_let_in(int port) throws Exception {
        for (String host : new String[] {"localhost", "127.0.0.1", "127.1.2.3", "[::1]"}) {
            assertThat(RawHttp.send(port, "GET /broken", "Host: " + host + ":1"))
                    .startsWith("HTTP/1.1 500");
            assertThat(RawHttp.send(port, "GET /broken", "Host: localhost:" + port, "Origin: http://" + host + ":3000"))
                    .startsWith("HTTP/1.1 500");
        }
    }

    @ParameterizedTest
    @MethodSource("ports")
    void a_page_that_was_let_in_may_still_not_read_what_another_port_answers(int port) throws Exception {
        for (String request : new String[] {"GET /broken", "OPTIONS /broken"}) {
            assertThat(RawHttp.send(
                            port,
                            request,
                            "Host: localhost",
                            "Origin: http://localhost:3000",
                            "Access-Control-Request-Method: GET"))
                    .doesNotContainIgnoringCase("Access-Control-Allow");
        }
    }

    @Test
    void a_second_origin_behind_a_good_one_is_looked_at_too() throws Exception {
        assertThat(RawHttp.send(
                        app.getLocalPort(),
                        "GET /refusing",
                        "Host: localhost",
                        "Origin: http://localhost",
                        "Origin: https://evil.example"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void a_client_of_http_1_0_that_names_no_host_is_let_in() throws Exception {
        assertThat(RawHttp.text(app.getLocalPort(), "GET /refusing HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 409");
    }

    static IntStream ports() {
        return IntStream.of(app.getLocalPort(), app.getAdminPort());
    }

    static Stream<Arguments> foreignOrigins() {
        return onBothPorts(
                "https://evil.example",
                "null",
                "http://localhost.evil.example",
                "http://192.0.2.1:8080",
                "not an origin");
    }

    static Stream<Arguments> foreignHosts() {
        return onBothPorts("evil.example", "127.0.0.1.evil.example", "192.0.2.1", "0.0.0.0");
    }

    private static Stream<Arguments> onBothPorts(String... values) {
        return ports().boxed().flatMap(port -> Stream.of(values).map(value -> Arguments.of(port, value)));
    }
}
