package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CursorTest {
    @Test
    void the_guides_sample_is_a_cursor_and_its_times_agree() throws Exception {
        String guide = Files.readString(Path.of("..", "docs", "events.md"));
        Matcher id = Pattern.compile("(?m)^id: (\\S+)$").matcher(guide);
        Matcher at = Pattern.compile("\"at\":\"([^\"]+)\"").matcher(guide);
        assertThat(id.find() && at.find()).isTrue();

        Instant logged = Instant.ofEpochMilli(
                Cursor.parse(id.group(1)).orElseThrow().id().ms());

        assertThat(Duration.between(Instant.parse(at.group(1)), logged))
                .isBetween(Duration.ZERO, Duration.ofSeconds(1));
    }

    @Test
    void a_cursor_reads_back_as_it_was_written() {
        Cursor cursor = new Cursor("0123456789abcdef", new EntryId(1_795_425_381_226L, 3));

        assertThat(cursor).hasToString("0123456789abcdef-1795425381226-3");
        assertThat(Cursor.parse(cursor.toString())).contains(cursor);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1",
                "0123456789abcdef",
                "0123456789abcdef-1",
                "0123456789ABCDEF-1-1",
                "0123456789abcde-1-1",
                "0123456789abcdef-1-1 ",
                "0123456789abcdef-+1-1",
                "0123456789abcdef--1-1",
                "0123456789abcdef-01-1",
                "0123456789abcdef-1-1-1",
                "0123456789abcdef-9223372036854775808-1",
                "0123456789abcdef-99999999999999999999-1"
            })
    void what_is_not_a_cursor_to_the_letter_is_none(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }

    @Test
    void an_id_knows_what_is_before_it() {
        assertThat(new EntryId(5, 3).previous()).isEqualTo(new EntryId(5, 2));
        assertThat(new EntryId(5, 0).previous()).isEqualTo(new EntryId(4, Long.MAX_VALUE));
        assertThat(EntryId.ZERO.previous()).isEqualTo(EntryId.ZERO);
        assertThat(new EntryId(5, 10).isAfter(new EntryId(5, 9))).isTrue();
    }

    @Test
    void an_epoch_that_is_none_is_refused_with_what_is_allowed() {
        assertThatThrownBy(() -> new Cursor("x", EntryId.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("epoch is 'x', it must be 16 lowercase hexadecimal digits");
    }
}
