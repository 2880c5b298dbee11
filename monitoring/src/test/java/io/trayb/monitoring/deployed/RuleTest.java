package io.trayb.monitoring.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuleTest {
    @Test
    void blanks_and_the_order_of_matchers_make_no_difference() {
        assertThat(Rule.normal(" sum by (a, b) (rate(x{c=\"1\",a!~\"2\"}[5m]))\n  >  0.5 and up "))
                .isEqualTo(Rule.normal("sum by(a,b) (rate(x{a!~\"2\", c=\"1\"}[5m])) > 0.5 and up"));
    }

    @Test
    void words_and_what_is_in_quotes_make_one() {
        assertThat(Rule.normal("a and b")).isNotEqualTo(Rule.normal("aandb"));
        assertThat(Rule.normal("x{a=\"1 2\"}")).isNotEqualTo(Rule.normal("x{a=\"12\"}"));
        assertThat(Rule.normal("x{a=\"{c=1,b=2}\"}")).isEqualTo("x{a=\"{c=1,b=2}\"}");
        assertThat(Rule.normal("x{a=\"\\\" \", b='c d'}")).isEqualTo("x{a=\"\\\" \",b='c d'}");
    }
}
