package io.trayb.jobs.schedule;

import io.trayb.fuzz.Promise;
import java.time.LocalDateTime;

/** What a fuzzer asks of {@link CronExpression}. */
public final class CronTexts {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 28, 2, 30);

    private CronTexts() {}

    /** One that was taken comes, later than now, and in eight years at most. */
    public static void comes(CronExpression expression) {
        LocalDateTime next = expression.after(NOW).orElseThrow(() -> new AssertionError("never comes"));
        Promise.that(next.isAfter(NOW) && next.isBefore(NOW.plusYears(9)), "comes later, and within years");
        Promise.that(next.getSecond() == 0 && next.getNano() == 0, "comes at a full minute");
    }
}
