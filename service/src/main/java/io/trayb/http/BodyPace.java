package io.trayb.http;

import java.time.Duration;

/**
 * How much longer a body may still be waited for. What comes of it buys time, at {@link #LEAST_RATE}; but never more than
 * {@link #GRACE} is kept in store, or who sends much at once could hold it by a byte now and then for hours. A body that comes
 * steadily at that rate passes, however large it is, and also if it comes in thrusts that are some seconds apart.
 *
 * @param lookedNanos when this was true, by a monotonic clock
 * @param slackNanos how much longer from then on; negative if it came too slowly
 */
record BodyPace(long lookedNanos, long slackNanos) {
    /** What any body may take, and what a quick one may rest. */
    static final Duration GRACE = Duration.ofSeconds(10);
    /** In bytes a second; half of what the slowest link that anybody is on carries. */
    static final int LEAST_RATE = 2_048;
    /**
     * What counts at most of a time in which nothing came: if this process was frozen or suspended, that isn't the client's
     * fault. One that really sends nothing meets the connection's idle timeout.
     */
    static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    /** Of a body of which nothing has come. */
    static BodyPace begun(long nowNanos) {
        return new BodyPace(nowNanos, GRACE.toNanos());
    }

    /** Once that many bytes more have come; the same in however many parts they are told. */
    BodyPace after(int bytes, long nowNanos) {
        long bought = bytes * 1_000_000_000L / LEAST_RATE;
        return new BodyPace(nowNanos, Math.min(GRACE.toNanos(), slackAt(nowNanos) + bought));
    }

    /** How much longer, if nothing has come since the last look. */
    long slackAt(long nowNanos) {
        long waited = nowNanos - lookedNanos;
        // Another thread may have looked at the clock before the one that looked last.
        return slackNanos - Math.min(Math.max(0, waited), LONGEST_SILENCE.toNanos());
    }

    /** To be asked when all that has come was told, since it may have been there for a while. */
    boolean isTooSlow() {
        return slackNanos < 0;
    }
}
