package io.trayb.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the library makes of an expression is what crontab(5) says, and it is asked only what it can answer. */
class CronExpressionTest {
    private static final int EXPRESSIONS = 1_000;

    @Test
    void whatever_the_expression_the_next_match_is_the_one_that_is_found_by_going_through_every_minute() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomCron expressions = new RandomCron(random);
        for (int i = 0; i < EXPRESSIONS; i++) {
            String cron = expressions.next();
            LocalDateTime after = LocalDateTime.of(2024, 1, 1, 0, 0).plusSeconds(random.nextInt(6 * 366 * 86_400));
            LocalDateTime expected = new WallClock(cron).next(after);

            if (expected == null) {
                assertThatThrownBy(() -> CronExpression.parse(cron))
                        .as("%s, seed %d", cron, seed)
                        .hasMessageContaining("never comes");
            } else {
                assertThat(CronExpression.parse(cron).after(after))
                        .as("%s after %s, seed %d", cron, after, seed)
                        .contains(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0 9 1-7 * 1, 2017-09-29T00:00, 2017-10-01T09:00", // cron-utils issue 228
        "* * */1 * 3, 2017-09-05T11:31, 2017-09-06T00:00", // 223
        "0 6 * * 0, 2015-11-27T15:15, 2015-11-29T06:00", // 54
        "0 0 * * SUN, 2026-11-24T00:00, 2026-11-29T00:00",
        "0 0 * * mon-fri, 2026-11-27T00:00, 2026-11-30T00:00",
        "0 0 * * 7, 2026-11-24T00:00, 2026-11-29T00:00",
        "0 0 1 JAN *, 2026-11-24T00:00, 2027-01-01T00:00",
        "0 0 29 2 *, 2097-01-01T00:00, 2104-02-29T00:00",
        "0 0 31 * *, 2026-02-01T00:00, 2026-03-31T00:00",
    })
    void what_once_went_wrong_in_the_library_is_right(String cron, LocalDateTime after, LocalDateTime next) {
        assertThat(CronExpression.parse(cron).after(after)).contains(next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "0-59 0-23 30,31 FEB *"})
    void an_expression_that_never_comes_is_refused_and_says_so(String cron) {
        assertThatThrownBy(() -> CronExpression.parse(cron))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("never comes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "* * * *",
                "* * * * * *",
                "@daily",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * 32 * *",
                "* * * 13 *",
                "* * * * 8",
                "5-1 * * * *",
                "*/0 * * * *",
                "*/60 * * * *",
                "5/15 * * * *",
                "1,,2 * * * *",
                "1, * * * *",
                "012 * * * *",
                "* * * * /6",
                "96-/ 8 * * *",
                "* * ? * 1",
                "* * L * *",
                "* * 1W * *",
                "* * * * 1#2",
                "* * * FOO *",
                "-1 * * * *",
                "1.5 * * * *",
                "* * * * *\n* * * * *",
                "٣ * * * *",
            })
    void what_is_no_expression_is_refused_with_a_reason(String cron) {
        assertThatThrownBy(() -> CronExpression.parse(cron))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContainingAny("Exception", "java", "null");
    }

    @Test
    void the_longest_list_that_makes_sense_is_taken_and_a_longer_one_is_not() {
        String all = String.join(" ", list(0, 59), list(0, 23), list(1, 31), list(1, 12), list(0, 6));

        assertThat(CronExpression.parse(all).after(LocalDateTime.of(2026, 1, 1, 0, 0)))
                .contains(LocalDateTime.of(2026, 1, 1, 0, 1));
        assertThatThrownBy(() -> CronExpression.parse("0" + ",0".repeat(300) + " * * * *"))
                .hasMessageContaining("more than 500 characters");
    }

    @Test
    void white_space_between_and_around_fields_does_not_count() {
        assertThat(CronExpression.parse("  0\t 0  1 1 * ")).hasToString("0 0 1 1 *");
    }

    private static String list(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
