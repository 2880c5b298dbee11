package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class EventsConfigurationTest {
    private static EventsConfiguration read(String yaml) throws IOException, ConfigurationException {
        return new DefaultConfigurationFactoryFactory<EventsConfiguration>()
                .create(EventsConfiguration.class, Validators.newValidator(), Jackson.newObjectMapper(), "dw")
                .build(path -> new ByteArrayInputStream(yaml.getBytes(UTF_8)), "test");
    }

    @Test
    void what_is_left_out_has_its_default() throws Exception {
        EventsConfiguration read = read("sseEnabled: true");

        assertThat(read).isEqualTo(EventsConfiguration.defaults());
        assertThat(read.maxLength()).isEqualTo(200_000);
        assertThat(read.heartbeat()).isEqualTo(Duration.seconds(15));
        assertThat(read.writeTimeout()).isEqualTo(Duration.seconds(30));
        assertThat(read.maxStreams()).isEqualTo(19_000);
    }

    @Test
    void everything_can_be_set() throws Exception {
        EventsConfiguration read = read("""
                sseEnabled: false
                maxLength: 1000
                maxPending: 200
                maxStreams: 3
                maxPolls: 4
                queueEvents: 5
                queueBytes: 6KiB
                recentBytes: 13MiB
                heartbeat: 7s
                writeTimeout: 8s
                drainWindow: 9s
                replayThreads: 10
                writerThreads: 11
                maxOpenPerKey: 12
                """);

        assertThat(read)
                .isEqualTo(new EventsConfiguration(
                        false,
                        1000,
                        200,
                        3,
                        4,
                        5,
                        DataSize.kibibytes(6),
                        DataSize.mebibytes(13),
                        Duration.seconds(7),
                        Duration.seconds(8),
                        Duration.seconds(9),
                        10,
                        11,
                        12));
    }

    @Test
    void what_is_out_of_range_is_named() {
        assertThatThrownBy(() -> read("maxLength: 5\nheartbeat: 2m"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("maxLength must be greater than or equal to 100")
                .hasMessageContaining("heartbeat");
    }

    @Test
    void a_misspelt_key_is_refused() {
        assertThatThrownBy(() -> read("maxLenght: 500"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("maxLenght");
    }
}
