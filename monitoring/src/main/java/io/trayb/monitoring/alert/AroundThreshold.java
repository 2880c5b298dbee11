package io.trayb.monitoring.alert;

import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.metric.Scrape;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import io.trayb.monitoring.threshold.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The proof of an alert that compares one number for the whole cluster: fires a step above its threshold, stays quiet a step
 * below and on it, and without any series; on one instance and on two.
 *
 * @param step how far from the threshold the nearest value is that must still be told apart
 */
public record AroundThreshold(Threshold threshold, double step, Stimulus stimulus) implements Proof {
    /** Late enough for every window and {@code for} of such an alert; a multiple of the scrape interval. */
    public static final Duration ASKED_AT = Duration.ofMinutes(10);

    @Override
    public List<Case> cases(Thresholds thresholds) {
        double limit = thresholds.value(threshold);
        double above = limit + step;
        double below = limit - step;
        List<Case> cases = new ArrayList<>(List.of(
                fires("fires just above the threshold", above, 1),
                fires("fires when two instances together are just above the threshold", above, 2),
                quiet("stays quiet on the threshold", limit, 1),
                quiet("stays quiet just below the threshold", below, 1),
                quiet("stays quiet when two instances together are just below the threshold", below, 2),
                new Case("stays quiet without any series", List.of(), ASKED_AT, List.of())));
        if (threshold.timing() instanceof Timing.Lasting lasting) {
            cases.add(new Case(
                    "fires as soon as it has lasted",
                    stimulus.series(above, 1),
                    lasting.length(),
                    List.of(new Firing(Map.of(), above))));
            cases.add(new Case(
                    "stays quiet until it has lasted",
                    stimulus.series(above, 1),
                    lasting.length().minus(Scrape.INTERVAL),
                    List.of()));
        }
        return List.copyOf(cases);
    }

    private Case fires(String promise, double level, int instances) {
        return new Case(promise, stimulus.series(level, instances), ASKED_AT, List.of(new Firing(Map.of(), level)));
    }

    private Case quiet(String promise, double level, int instances) {
        return new Case(promise, stimulus.series(level, instances), ASKED_AT, List.of());
    }
}
