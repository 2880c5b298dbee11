package io.trayb.keys.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.keys.KeyText;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditedValuesTest {
    private final ObjectNode line = new ObjectMapper().createObjectNode();

    @Test
    void every_kind_of_value_is_written_as_it_is() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text", "a");
        fields.put("number", 7L);
        fields.put("flag", true);
        fields.put("nothing", null);
        fields.put("time", Instant.parse("2026-11-28T06:00:00Z"));
        fields.put("list", List.of("read", "work"));
        fields.put("map", Map.of("queue", "mail"));

        new AuditedValues().write(fields, line);

        assertThat(line)
                .hasToString(
                        "{\"text\":\"a\",\"number\":7,\"flag\":true,\"nothing\":null,"
                                + "\"time\":\"2026-11-28T06:00:00.000Z\",\"list\":[\"read\",\"work\"],\"map\":{\"queue\":\"mail\"}}");
    }

    @Test
    void whatever_is_sent_the_line_stays_short_and_says_that_something_is_missing() {
        Map<String, Object> many = new LinkedHashMap<>();
        IntStream.range(0, 10_000).forEach(i -> many.put("name-" + i, "x".repeat(1000)));
        for (Map<String, Object> fields : List.of(
                many,
                Map.<String, Object>of("list", Collections.nCopies(100_000, "")),
                Map.<String, Object>of("map", many))) {
            line.removeAll();
            new AuditedValues().write(fields, line);

            assertThat(line.toString()).contains("…").hasSizeLessThan(4 * AuditedValues.ROOM);
        }
    }

    @Test
    void a_key_is_left_out_wherever_it_stands() {
        String key = KeyText.generate(new SecureRandom()).reveal();

        new AuditedValues().write(Map.of(key, List.of("a " + key + " b")), line);

        assertThat(line).hasToString("{\"traybkey_…\":[\"a traybkey_… b\"]}");
    }

    @Test
    void a_key_in_a_path_is_left_out_however_it_is_written_and_so_is_one_that_was_cut_off() {
        String key = KeyText.generate(new SecureRandom()).reveal();

        assertThat(AuditedValues.shownPath("/keys/" + key)).isEqualTo("/keys/traybkey_…");
        assertThat(AuditedValues.shownPath("/keys/%74" + key.substring(1))).isEqualTo("/keys/traybkey_…");
        assertThat(AuditedValues.shownPath("/keys/" + key.substring(0, 50) + "%2Fx"))
                .isEqualTo("/keys/traybkey_…/x");
        assertThat(AuditedValues.shownPath("/queues/a%20b")).isEqualTo("/queues/a%20b");
    }
}
