package io.trayb.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void a_key_is_found_by_scanners_and_read_back() {
        for (int i = 0; i < 200; i++) {
            KeyText key = KeyText.generate(random);
            assertThat("KEY=" + key.reveal() + "\n").containsPattern(KeyText.FORM);
            assertThat(KeyText.parse(key.reveal())).contains(key);
            assertThat(key.reveal()).contains("_" + key.id() + "_");
        }
    }

    @Test
    void no_two_keys_are_alike() {
        Set<String> texts = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            KeyText key = KeyText.generate(random);
            texts.add(key.reveal());
            ids.add(key.id());
        }
        assertThat(texts).hasSize(1000);
        assertThat(ids).hasSize(1000);
    }

    @Test
    void whatever_character_is_mistyped_it_is_told() {
        String text = KeyText.generate(random).reveal();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(KeyText.parse(text.substring(0, i) + other + text.substring(i + 1)))
                    .as("character " + i)
                    .isEmpty();
        }
        assertThat(KeyText.parse(text.substring(1))).isEmpty();
        assertThat(KeyText.parse(text + "x")).isEmpty();
        assertThat(KeyText.parse("")).isEmpty();
    }

    @Test
    void what_is_kept_depends_on_the_salt_and_is_not_the_key() {
        KeyText key = KeyText.generate(random);
        assertThat(key.hash(new byte[16])).hasSize(32).isEqualTo(key.hash(new byte[16]));
        assertThat(key.hash(new byte[16])).isNotEqualTo(key.hash(new byte[17]));
    }

    @Test
    void a_key_does_not_tell_itself_in_a_log() {
        KeyText key = KeyText.generate(random);
        assertThat(key.toString()).contains(key.id()).hasSizeLessThan(30);
    }

    @ParameterizedTest
    @CsvSource({
        "*, billing-eu, true",
        "billing-*, billing-eu, true",
        "billing-*, billing-, true",
        "billing-*, billing, false",
        "billing-*, mail, false",
        "mail, mail, true",
        "mail, mail2, false",
    })
    void a_pattern_sees_what_it_says(String pattern, String queue, boolean sees) {
        assertThat(new QueuePattern(pattern).sees(queue)).isEqualTo(sees);
    }

    @ParameterizedTest
    @CsvSource({
        "*, *, true",
        "*, billing-*, true",
        "billing-*, *, false",
        "billing-*, billing-eu-*, true",
        "billing-eu-*, billing-*, false",
        "billing-*, billing-eu, true",
        "billing-*, mail, false",
        "mail, mail, true",
        "mail, mail*, false",
        "mail, *, false",
    })
    void a_pattern_covers_another_only_if_it_sees_all_that_the_other_sees(String one, String other, boolean covers) {
        assertThat(new QueuePattern(one).covers(new QueuePattern(other))).isEqualTo(covers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "**", "*a", "a*b", "UPPER", "a b", "a*\n", "-a", "ä*"})
    void what_is_no_pattern_is_told(String text) {
        assertThat(QueuePattern.isValid(text)).isFalse();
    }

    @Test
    void rates_are_read_as_they_are_written() {
        assertThat(RateLimit.parse("100/s")).map(RateLimit::toString).contains("100/s");
        assertThat(RateLimit.parse("1000000/h")).map(RateLimit::toString).contains("1000000/h");
        for (String wrong : new String[] {"", "0/s", "1000001/s", "5/d", "-1/s", "1", "1/s ", "9999999/m"}) {
            assertThat(RateLimit.parse(wrong)).as(wrong).isEmpty();
        }
    }
}
