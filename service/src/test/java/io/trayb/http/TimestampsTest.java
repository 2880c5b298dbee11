package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-23T09:00:00Z,           2026-11-23T09:00:00.000Z",
        "2024-02-29T23:59:59.999999999Z, 2024-02-29T23:59:59.999Z",
        "1969-12-31T23:59:59.001Z,       1969-12-31T23:59:59.001Z",
        "0001-01-01T00:00:00Z,           0001-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999Z,       9999-12-31T23:59:59.999Z"
    })
    void a_time_has_four_digits_of_year_and_three_of_milliseconds(Instant time, String text) {
        assertThat(Timestamps.format(time)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T09:00Z",
                "2026-11-23T09:00:00",
                "2026-11-23 09:00:00Z",
                "2026-11-23T09:00:00+01",
                "2026-11-23T09:00:00+01:00:00",
                "2026-02-30T09:00:00Z",
                "2026-11-23T25:00:00Z",
                "+12026-11-23T09:00:00Z",
                "2026-11-23T09:00:00.Z",
                "\u0662026-11-23T09:00:00Z",
                "2026-11-23",
                ""
            })
    void what_only_looks_like_a_time_is_not_read(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T09:00:00Z",
                "2026-11-23t09:00:00z",
                "2026-11-23T09:00:00.000Z",
                "2026-11-23T14:45:00.000000000+05:45",
                "2026-11-23T08:30:00-00:30"
            })
    void a_time_is_read_in_any_offset(String text) {
        assertThat(Timestamps.parse(text)).contains(Instant.parse("2026-11-23T09:00:00Z"));
    }

    @Test
    void every_time_reads_as_the_formatter_of_java_writes_it() {
        DateTimeFormatter formatter =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Instant time = Instant.ofEpochMilli(random.nextLong(-62_135_596_800_000L, 253_402_300_800_000L));

            assertThat(Timestamps.format(time)).isEqualTo(formatter.format(time));
        }
    }
}
