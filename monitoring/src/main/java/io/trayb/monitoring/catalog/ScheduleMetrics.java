package io.trayb.monitoring.catalog;

import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.metric.Label;
import io.trayb.monitoring.metric.LabelValue;
import java.util.List;
import java.util.Locale;

/** Schedules: whether their jobs are submitted, and when. */
public final class ScheduleMetrics {
    public static final Label RESULT = Label.closed("result", Result.class);

    public static final Counter TICKS = Counter.of(
            "trayb_schedule_ticks_total",
            "Ticks of schedules by what came of them; several that were skipped together count once.",
            RESULT);
    public static final Histogram LAG = Histogram.ofSeconds(
            "trayb_schedule_lag_seconds",
            "How late the jobs of schedules were submitted, where that was within a minute of the tick.",
            List.of(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0));

    private ScheduleMetrics() {}

    /** What came of a tick. */
    public enum Result implements LabelValue {
        /** The job was submitted, within a minute. */
        ON_TIME,
        /** The job was submitted once for all that was missed. */
        CAUGHT_UP,
        /** An unfinished job held the unique key; none was added. */
        HELD,
        /** It was missed, and let go. */
        SKIPPED,
        /** This process couldn't understand the schedule. */
        FAILED;

        @Override
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
