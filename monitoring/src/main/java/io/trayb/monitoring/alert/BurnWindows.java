package io.trayb.monitoring.alert;

import java.time.Duration;

/**
 * Two windows over which an error budget is burnt too quickly: the long one says that it matters, the short one that it still
 * goes on. The pairs and their factors are those of the SRE workbook's chapter 5, for a budget of 30 days.
 *
 * @param factor how many times as quickly as the budget allows
 * @param longWindow over which it must be so
 * @param shortWindow over which it must be so as well
 */
public record BurnWindows(double factor, Duration longWindow, Duration shortWindow) {
    /** Two in a hundred of the month's budget within an hour. */
    public static final BurnWindows HOUR = new BurnWindows(14.4, Duration.ofHours(1), Duration.ofMinutes(5));
    /** Five in a hundred of the month's budget within six hours. */
    public static final BurnWindows SIX_HOURS = new BurnWindows(6, Duration.ofHours(6), Duration.ofMinutes(30));
    /** A tenth of the month's budget within a day. */
    public static final BurnWindows DAY = new BurnWindows(3, Duration.ofDays(1), Duration.ofHours(2));
    /** A tenth of the month's budget within three days. */
    public static final BurnWindows THREE_DAYS = new BurnWindows(1, Duration.ofDays(3), Duration.ofHours(6));

    public BurnWindows {
        if (factor < 1 || shortWindow.compareTo(longWindow) >= 0) {
            throw new IllegalArgumentException(
                    "burn windows need a factor of 1 or more and a short window that is shorter than the long one, but are "
                            + factor + ", " + longWindow + " and " + shortWindow);
        }
    }
}
