package io.trayb.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.BaseValidator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionConfigurationTest {
    private static final ObjectMapper JSON = Jackson.newObjectMapper();

    @Test
    void what_is_left_out_has_its_default() throws Exception {
        assertThat(read("{}"))
                .isEqualTo(RetentionConfiguration.defaults())
                .isEqualTo(new RetentionConfiguration(Duration.days(14), Duration.days(90)));
        assertThat(problems("{}")).isEmpty();
    }

    @Test
    void every_key_is_read() throws Exception {
        assertThat(read("{\"completed\": \"24h\", \"failed\": \"3650d\"}"))
                .isEqualTo(new RetentionConfiguration(Duration.hours(24), Duration.days(3650)));
        assertThat(problems("{\"completed\": \"24h\", \"failed\": \"3650d\"}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"completed,23h", "completed,3651d", "failed,0d", "failed,3651d"})
    void less_than_a_day_and_more_than_ten_years_are_refused(String key, String value) throws Exception {
        assertThat(problems("{\"%s\": \"%s\"}".formatted(key, value))).startsWith(key + " must be");
    }

    private static RetentionConfiguration read(String json) throws Exception {
        return JSON.readValue(json, RetentionConfiguration.class);
    }

    private static String problems(String json) throws Exception {
        return BaseValidator.newValidator().validate(read(json)).stream()
                .map(violation -> violation.getPropertyPath() + " " + violation.getMessage())
                .reduce("", String::concat);
    }
}
