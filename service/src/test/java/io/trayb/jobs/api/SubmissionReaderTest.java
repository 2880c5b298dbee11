package io.trayb.jobs.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.http.FieldError;
import io.trayb.http.ProblemException;
import io.trayb.http.StrictJson;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmissionReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");

    private final SubmissionReader reader = new SubmissionReader(InstantSource.fixed(NOW));

    @Test
    void a_type_alone_is_enough() throws Exception {
        assertThat(read("{\"type\":\"noop\"}")).isEqualTo(JobSubmission.of("default", "noop", "null"));
    }

    @Test
    void every_field_is_read() throws Exception {
        assertThat(read("""
                        {"queue":"q.1","type":"a:b","payload":[1],"priority":0,"delayMs":5,"maxAttempts":50,
                         "timeoutMs":86400000,"uniqueKey":"k~"}"""))
                .isEqualTo(new JobSubmission(
                        "q.1", "a:b", "[1]", 0, null, Duration.ofMillis(5), 50, Duration.ofDays(1), "k~"));
        assertThat(read("{\"type\":\"noop\",\"runAt\":\"2026-11-25T00:00:00+01:00\"}")
                        .runAt())
                .isEqualTo(Instant.parse("2026-11-24T23:00:00Z"));
    }

    @Test
    void null_counts_as_left_out() throws Exception {
        assertThat(read("{\"type\":\"noop\",\"queue\":null,\"priority\":null,\"runAt\":null,\"payload\":null}"))
                .isEqualTo(JobSubmission.of("default", "noop", "null"));
    }

    @Test
    void everything_that_is_wrong_is_told_at_once() {
        List<FieldError> errors =
                refused("{\"queue\":\"UPPER\",\"priority\":10,\"maxAttemps\":3,\"timeoutMs\":\"60\",\"delayMs\":1.5}");

        assertThat(errors)
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("queue", "type", "priority", "maxAttemps", "timeoutMs", "delayMs");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type|\"\"",
                "type|\"a b\"",
                "type|1",
                "queue|\"-a\"",
                "priority|-1",
                "priority|1e400",
                "priority|true",
                "maxAttempts|0",
                "maxAttempts|51",
                "timeoutMs|0",
                "timeoutMs|86400001",
                "timeoutMs|99999999999999999999",
                "delayMs|-1",
                "delayMs|31536000001",
                "uniqueKey|\"\"",
                "uniqueKey|\"a b\"",
                "uniqueKey|\"ü\"",
                "runAt|\"tomorrow\"",
                "runAt|1732438800",
                "runAt|\"2028-01-01T00:00:00Z\"",
                "runAt|\"1969-12-31T23:59:59Z\"",
                "payload|\"a\\u0000b\"",
                "payload|{\"k\\u0000\":1}",
                "payload|\"\\ud800\""
            })
    void a_value_out_of_range_is_refused_by_name(String field, String value) {
        String type = field.equals("type") ? "" : "\"type\":\"noop\",";

        assertThat(refused("{" + type + "\"" + field + "\":" + value + "}"))
                .extracting(FieldError::field)
                .contains(field);
    }

    @Test
    void a_backslash_before_u0000_is_text_and_not_nul() throws Exception {
        assertThat(read("{\"type\":\"noop\",\"payload\":\"\\\\u0000\"}").payload())
                .isEqualTo("\"\\\\u0000\"");
    }

    @Test
    void a_surrogate_pair_is_fine() throws Exception {
        assertThat(read("{\"type\":\"noop\",\"payload\":\"\\ud83d\\ude00\"}").payload())
                .isEqualTo("\"😀\"");
    }

    @Test
    void run_at_and_delay_exclude_each_other() {
        assertThat(refused("{\"type\":\"noop\",\"runAt\":\"2026-11-25T00:00:00Z\",\"delayMs\":0}"))
                .extracting(FieldError::field)
                .containsExactly("delayMs");
    }

    @Test
    void what_is_no_object_is_refused() {
        assertThat(refused("[]")).extracting(FieldError::field).containsExactly("body");
    }

    @Test
    void a_payload_over_256_kib_is_too_large_and_one_of_exactly_that_is_not() throws Exception {
        int quotes = 2;
        assertThat(read("{\"type\":\"noop\",\"payload\":\"" + "x".repeat(256 * 1024 - quotes) + "\"}"))
                .isNotNull();

        ProblemException problem = catchThrowableOfType(
                ProblemException.class,
                () -> read("{\"type\":\"noop\",\"payload\":\"" + "ü".repeat(128 * 1024) + "\"}"));
        assertThat(problem.problem().status()).isEqualTo(413);
    }

    private JobSubmission read(String body) throws Exception {
        ValidationErrors errors = new ValidationErrors();
        JobSubmission submission = reader.read(json(body), "", errors);
        errors.throwIfAny();
        return submission;
    }

    private List<FieldError> refused(String body) {
        return catchThrowableOfType(ProblemException.class, () -> read(body))
                .problem()
                .errors();
    }

    private static JsonNode json(String body) throws Exception {
        return StrictJson.newMapper().readTree(body);
    }
}
