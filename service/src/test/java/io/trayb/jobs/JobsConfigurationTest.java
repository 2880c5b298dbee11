package io.trayb.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.BaseValidator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobsConfigurationTest {
    private static final ObjectMapper JSON = Jackson.newObjectMapper();

    @Test
    void what_is_left_out_has_its_default() throws Exception {
        JobsConfiguration defaults = read("{}");

        assertThat(defaults).isEqualTo(JobsConfiguration.defaults());
        assertThat(defaults)
                .isEqualTo(new JobsConfiguration(
                        null,
                        null,
                        Duration.seconds(10),
                        Duration.seconds(2),
                        Duration.seconds(30),
                        Duration.seconds(5),
                        3,
                        Duration.milliseconds(100),
                        Duration.seconds(2),
                        Duration.seconds(5),
                        "",
                        "",
                        ""));
        assertThat(defaults.runsJobs()).isTrue();
        assertThat(defaults.slots()).isEqualTo(2 * Runtime.getRuntime().availableProcessors());
        assertThat(defaults.httpAllowList()).isEmpty();
        assertThat(problems(defaults)).isEmpty();
    }

    @Test
    void every_key_is_read() throws Exception {
        JobsConfiguration read = read("""
                {"worker": false, "concurrency": 7, "lease": "20s", "beat": "1s", "shutdownGrace": "4s", "abandonAfter": "6s",
                 "maxStalls": 9, "pollMin": "10ms", "pollMax": "3s", "metricsPoll": "11s", "httpAllow": "a.example, 10.0.0.0/8",
                 "httpSecrets": "/", "httpCaFile": "pom.xml"}
                """);

        assertThat(read)
                .isEqualTo(new JobsConfiguration(
                        false,
                        7,
                        Duration.seconds(20),
                        Duration.seconds(1),
                        Duration.seconds(4),
                        Duration.seconds(6),
                        9,
                        Duration.milliseconds(10),
                        Duration.seconds(3),
                        Duration.seconds(11),
                        "a.example, 10.0.0.0/8",
                        "/",
                        "pom.xml"));
        assertThat(read.slots()).isEqualTo(7);
        assertThat(read.httpAllowList()).isEqualTo(List.of("a.example", "10.0.0.0/8"));
        assertThat(problems(read)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"concurrency\": 0}", "{\"concurrency\": 1001}", "{\"lease\": \"500ms\"}", "{\"beat\": \"4s\"}",
                "{\"maxStalls\": 0}", "{\"pollMin\": \"5s\"}", "{\"pollMax\": \"2m\"}", "{\"metricsPoll\": \"1ms\"}",
                "{\"httpSecrets\": \"/no/such/folder\"}", "{\"httpCaFile\": \"/no/such/file\"}"
            })
    void what_cannot_be_is_refused(String json) throws Exception {
        assertThat(problems(read(json))).isNotEmpty();
    }

    private static JobsConfiguration read(String json) throws Exception {
        return JSON.readValue(json, JobsConfiguration.class);
    }

    private static List<String> problems(JobsConfiguration configuration) {
        return BaseValidator.newValidator().validate(configuration).stream()
                .map(violation -> violation.getPropertyPath() + " " + violation.getMessage())
                .toList();
    }
}
