package io.trayb.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAddressTest {
    @TempDir
    private Path dataDir;

    @Test
    void what_is_asked_for_by_name_comes_before_the_environment() {
        assertThat(address("PORT", "9999").resolve("https://trayb.example.com:8443"))
                .isEqualTo(URI.create("https://trayb.example.com:8443/"));
    }

    @Test
    void the_port_of_the_environment_comes_before_the_note_of_a_running_service() throws IOException {
        note("{\"pid\":1,\"port\":4444,\"adminPort\":4445}");
        assertThat(address("PORT", "9999").resolve(null)).isEqualTo(URI.create("http://127.0.0.1:9999/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", " "})
    void a_port_that_the_service_picked_is_read_from_its_note(String port) throws IOException {
        note("{\"pid\":1,\"port\":4444,\"adminPort\":4445}");
        assertThat(address("PORT", port).resolve(null)).isEqualTo(URI.create("http://127.0.0.1:4444/"));
    }

    @Test
    void with_nothing_to_go_by_it_is_the_default_port() {
        assertThat(address("PORT", "").resolve(null)).isEqualTo(URI.create("http://127.0.0.1:8080/"));
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 127.0.0.1", "::, [::1]", "10.1.2.3, 10.1.2.3", "fe80::1, [fe80::1]"})
    void the_host_is_one_that_can_be_connected_to(String bindHost, String host) {
        ServiceAddress address = new ServiceAddress(Map.of("BIND_HOST", bindHost, "PORT", "81"));
        assertThat(address.resolve(null)).isEqualTo(URI.create("http://" + host + ":81/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8080",
                "ftp://localhost",
                "http://",
                "http://localhost/api/v1",
                "http://a b",
                "http://localhost:99999"
            })
    void a_url_that_is_none_is_refused_with_what_it_should_be(String url) {
        assertThatThrownBy(() -> address("PORT", "").resolve(url))
                .isInstanceOf(DemoException.class)
                .hasMessageContaining(url)
                .hasMessageContaining("http://127.0.0.1:8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"port\":\"x\"}", "[]", "{"})
    void a_note_that_is_broken_is_named(String text) throws IOException {
        note(text);
        assertThatThrownBy(() -> address("PORT", "").resolve(null))
                .isInstanceOf(DemoException.class)
                .hasMessageContaining(dataDir.resolve("trayb.json").toString());
    }

    private ServiceAddress address(String name, String value) {
        return new ServiceAddress(Map.of(name, value, "DATA_DIR", dataDir.toString()));
    }

    private void note(String text) throws IOException {
        Files.writeString(dataDir.resolve("trayb.json"), text);
    }
}
