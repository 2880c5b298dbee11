package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisUrlTest {
    @ParameterizedTest
    @CsvSource({
        "redis://host,redis://host:6379/0",
        "redis://host:7000/3,redis://host:7000/3",
        "rediss://u:geheim@host,rediss://u:***@host:6379/0",
        "redis://:ge%40heim@host/,redis://:***@host:6379/0",
        "redis://u:ge@heim@host,redis://u:***@host:6379/0",
        "'redis+sentinel://s1,s2:26380/master','redis+sentinel://s1:26379,s2:26380/master/0'",
        "'rediss+sentinel://:geheim@s1,s2/m/2','rediss+sentinel://:***@s1:26379,s2:26379/m/2'",
    })
    void each_form_is_read_and_shown_without_its_password(String text, String shown) {
        assertThat(RedisUrl.parse(text)).hasToString(shown);
    }

    @Test
    void the_password_is_decoded() {
        assertThat(RedisUrl.parse("redis://u:p%2Fw+x@host").password()).isEqualTo("p/w+x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://:geheim@host | write redis://",
                "redis://:geheim@ | host is ''",
                "redis://:geheim@a,b | several hosts are for Sentinel",
                "redis://geheim@host | no password",
                "redis://:geheim@host/x | database is 'x'",
                "redis://:geheim@host/9999 | 0 to 1023",
                "redis://:geheim@host:0 | port is 0",
                "redis://:geheim@host/1/2 | too many parts",
                "redis://:geheim%@host | two hex digits",
                "redis+sentinel://:geheim@s1,s2 | master's name is missing",
            })
    void what_is_wrong_is_said_without_the_password(String text, String sentence) {
        assertThatThrownBy(() -> RedisUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("geheim");
    }
}
