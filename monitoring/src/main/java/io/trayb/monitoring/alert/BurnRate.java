package io.trayb.monitoring.alert;

import io.trayb.monitoring.alert.Case.Firing;
import io.trayb.monitoring.metric.Decimal;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Thresholds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The proof of an alert on an error budget that is burnt too quickly, over two pairs of windows. Each pair is proven alone:
 * ahead of what burns lies a time with many good requests, which thins out the other pair's longer window.
 *
 * @param budget the share of requests that may be bad
 * @param guard the least requests per second, over the long window, at which a share means something
 */
public record BurnRate(
        Threshold budget, Threshold guard, BurnWindows first, BurnWindows second, RequestMix mix, Pace pace)
        implements Proof {
    private static final double ABOVE = 1.02;
    private static final double BELOW = 0.98;
    /** A little more traffic than the guard asks for, so that a guard that asks for more is noticed. */
    private static final double ENOUGH = 1.05;

    private static final double TOO_LITTLE = 0.95;
    private static final double BUSY = 10;

    @Override
    public List<Case> cases(Thresholds thresholds) {
        List<Case> cases = new ArrayList<>();
        cases.addAll(casesOf(first, second, thresholds));
        cases.addAll(casesOf(second, first, thresholds));
        double allowed = thresholds.value(budget);
        double perMinute = thresholds.value(guard) * 60;
        double most = worst(first.factor() * allowed);
        // Both long windows are filled only as far as this reaches: an average is over what there is.
        Duration length = pace.evaluation().multipliedBy(12);
        double apart = second.factor() * allowed;
        cases.add(quiet(
                thresholds,
                "stays quiet when most are bad, but hardly any are made",
                new Stretch(length, perMinute * TOO_LITTLE, most)));
        cases.add(quiet(thresholds, "stays quiet without traffic", new Stretch(length, 0, 0)));
        cases.add(quiet("stays quiet without any series", List.of(), length));
        cases.add(quiet(
                "stays quiet when a restart sets the counters back",
                mix.afterRestart(thresholds, (int) (length.toMinutes() / 2), perMinute * ENOUGH),
                length));
        List<Steps> allBad = Stretch.steps(List.of(new Stretch(length, perMinute * BUSY, 1)));
        List<TestSeries> harmless = new ArrayList<>(mix.harmless(thresholds, Stimulus.instance(1), allBad));
        harmless.addAll(mix.leftOut(thresholds, Stimulus.instance(1), allBad));
        cases.add(quiet("stays quiet about what doesn't count as bad", harmless, length));
        List<TestSeries> beside = new ArrayList<>(mix.of(
                thresholds,
                Stimulus.instance(1),
                Stretch.steps(List.of(new Stretch(length, perMinute * ENOUGH, ABOVE * apart)))));
        beside.addAll(mix.leftOut(
                thresholds,
                Stimulus.instance(1),
                Stretch.steps(List.of(new Stretch(length, perMinute * BUSY * BUSY, 0)))));
        cases.add(fires("fires beside many good requests that are left out", beside, length, ABOVE * apart));
        cases.add(fires(
                "fires when requests come in bursts",
                bursts(thresholds, length, perMinute, ABOVE * apart),
                length,
                ABOVE * apart));
        cases.add(fires(
                "fires when two instances together are bad enough",
                halves(thresholds, length, perMinute, ABOVE * apart),
                length,
                ABOVE * apart));
        cases.add(quiet(
                "stays quiet when two instances together are not bad enough",
                halves(thresholds, length, perMinute, BELOW * apart),
                length));
        return List.copyOf(cases);
    }

    private List<Case> casesOf(BurnWindows windows, BurnWindows other, Thresholds thresholds) {
        double limit = windows.factor() * thresholds.value(budget);
        double perMinute = thresholds.value(guard) * 60 * ENOUGH;
        Duration before = other.longWindow().compareTo(windows.longWindow()) > 0
                ? other.longWindow().minus(windows.longWindow())
                : windows.longWindow().dividedBy(2);
        Stretch good = new Stretch(before, perMinute * BUSY, 0);
        Duration one = pace.evaluation();
        Duration half = windows.longWindow().dividedBy(2);
        Duration whole = windows.longWindow().plus(one);
        Duration recent = windows.shortWindow().plus(one);
        String over = inWords(windows.longWindow());
        // An average over a window takes the evaluations at both its ends: one more than fit in between.
        double steps = (double) windows.longWindow().toSeconds() / one.toSeconds();
        double twice = (steps + 1) / (steps / 2);
        // How many evaluations within the long window look at the last stretch, at the busy one ahead of it, and at
        // what
        // was before.
        double last = (double) recent.toSeconds() / one.toSeconds();
        double busy = (double) windows.shortWindow().toSeconds() / one.toSeconds();
        double earlier = steps + 1 - last - busy;
        double stillBurning = (2 * limit * last + worst(5 * limit) * earlier) / (last + BUSY * busy + earlier);
        return List.of(
                fires(
                        thresholds,
                        "fires when it burns a little too quickly for " + over,
                        ABOVE * limit,
                        good,
                        new Stretch(whole, perMinute, ABOVE * limit)),
                quiet(
                        thresholds,
                        "stays quiet when it doesn't burn quickly enough for " + over,
                        good,
                        new Stretch(whole, perMinute, BELOW * limit)),
                fires(
                        thresholds,
                        "fires when it burns twice as quickly for half of " + over + " after no bad request at all",
                        ABOVE * limit,
                        good,
                        new Stretch(half.plus(one), perMinute, 0),
                        new Stretch(half, perMinute, ABOVE * limit * twice)),
                quiet(
                        thresholds,
                        "stays quiet when it burns for half of " + over + " after no bad request at all",
                        good,
                        new Stretch(half, perMinute, 0),
                        new Stretch(half, perMinute, worst(1.5 * limit))),
                quiet(
                        thresholds,
                        "stays quiet when half of " + over + " is almost enough for all of it",
                        good,
                        new Stretch(half.plus(one), perMinute, 0),
                        new Stretch(half, perMinute, BELOW * limit * twice)),
                quiet(
                        thresholds,
                        "stays quiet when it has slowed down a little after " + over,
                        good,
                        new Stretch(whole, perMinute, worst(1.5 * limit)),
                        new Stretch(recent, perMinute, BELOW * limit)),
                fires(
                        thresholds,
                        "fires when it still burns after " + over + ", though many good requests came just before",
                        stillBurning,
                        good,
                        new Stretch(whole, perMinute, worst(5 * limit)),
                        new Stretch(windows.shortWindow(), perMinute * BUSY, 0),
                        new Stretch(recent, perMinute, 2 * limit)),
                quiet(
                        thresholds,
                        "stays quiet when it burns quickly, but hardly any were made within " + over,
                        good,
                        new Stretch(whole, perMinute * TOO_LITTLE / ENOUGH, worst(5 * limit))),
                quiet(
                        thresholds,
                        "stays quiet when it burns quickly for half of " + over,
                        good,
                        new Stretch(half, perMinute, worst(1.5 * limit))),
                quiet(
                        thresholds,
                        "stays quiet soon after it burnt for " + over,
                        good,
                        new Stretch(whole, perMinute, worst(5 * limit)),
                        new Stretch(recent, perMinute, 0)));
    }

    /** Four minutes with requests and one without, so that the last minute before each evaluation says nothing. */
    private List<TestSeries> bursts(Thresholds thresholds, Duration length, double perMinute, double share) {
        List<Stretch> stretches = new ArrayList<>();
        for (long minute = 0; minute < length.toMinutes(); minute += 5) {
            stretches.add(new Stretch(Duration.ofMinutes(4), perMinute * BUSY, share));
            stretches.add(new Stretch(Duration.ofMinutes(1), 0, 0));
        }
        return mix.of(thresholds, Stimulus.instance(1), Stretch.steps(stretches));
    }

    private static String inWords(Duration window) {
        return window.toHours() % 24 == 0 ? window.toDays() + " d" : window.toHours() + " h";
    }

    private static double worst(double share) {
        return Math.min(share, 0.95);
    }

    /** Two instances, of which one has three quarters of what is bad. */
    private List<TestSeries> halves(Thresholds thresholds, Duration length, double perMinute, double share) {
        double each = perMinute * BUSY / 2;
        List<TestSeries> series = new ArrayList<>(mix.of(
                thresholds,
                Stimulus.instance(1),
                Stretch.steps(List.of(new Stretch(length, each, Math.min(1, 1.5 * share))))));
        series.addAll(mix.of(
                thresholds, Stimulus.instance(2), Stretch.steps(List.of(new Stretch(length, each, 0.5 * share)))));
        return List.copyOf(series);
    }

    private Case fires(String promise, List<TestSeries> series, Duration length, double value) {
        return new Case(promise, series, length, List.of(new Firing(Map.of(), value)), pace);
    }

    private Case quiet(String promise, List<TestSeries> series, Duration length) {
        return new Case(promise, series, length, List.of(), pace);
    }

    private Case fires(Thresholds thresholds, String promise, double value, Stretch... stretches) {
        return of(thresholds, promise, List.of(new Firing(Map.of(), value)), stretches);
    }

    private Case quiet(Thresholds thresholds, String promise, Stretch... stretches) {
        return of(thresholds, promise, List.of(), stretches);
    }

    /** What one instance brings about in stretches that follow each other, asked at the end of the last. */
    private Case of(Thresholds thresholds, String promise, List<Firing> firing, Stretch... stretches) {
        List<Stretch> all = List.of(stretches);
        Duration end = all.stream().map(Stretch::length).reduce(Duration.ZERO, Duration::plus);
        return new Case(promise, mix.of(thresholds, Stimulus.instance(1), Stretch.steps(all)), end, firing, pace);
    }

    /** How many requests of each kind a minute brings. */
    public record Steps(int minutes, double perMinute, double badPerMinute) {}

    /** A time in which requests come at one rate, and one share of them is bad. */
    private record Stretch(Duration length, double perMinute, double badShare) {
        static List<Steps> steps(List<Stretch> stretches) {
            return stretches.stream()
                    .map(stretch -> new Steps(
                            (int) stretch.length().toMinutes(),
                            stretch.perMinute(),
                            stretch.perMinute() * stretch.badShare()))
                    .toList();
        }
    }

    /** The series that good and bad requests make. */
    public interface RequestMix {
        /** Of an instance that serves these. */
        List<TestSeries> of(Thresholds thresholds, String instance, List<Steps> steps);

        /** Of an instance that serves as many, of which none is bad though each could be taken for it. */
        List<TestSeries> harmless(Thresholds thresholds, String instance, List<Steps> steps);

        /** The same of requests that the promise isn't about. */
        List<TestSeries> leftOut(Thresholds thresholds, String instance, List<Steps> steps);

        /** Of one instance that serves good requests only, and whose counters of bad ones begin anew after so many minutes. */
        List<TestSeries> afterRestart(Thresholds thresholds, int minutes, double perMinute);
    }

    /** The values of a counter, in promtool's notation, that grows by so much a minute in each of the stretches. */
    public static String counting(List<Double> perMinute, List<Integer> minutes) {
        StringBuilder values = new StringBuilder("0");
        double reached = 0;
        for (int index : IntStream.range(0, perMinute.size()).toArray()) {
            double step = rounded(perMinute.get(index));
            values.append(' ')
                    .append(Decimal.plain(rounded(reached + step)))
                    .append('+')
                    .append(Decimal.plain(step))
                    .append('x')
                    .append(minutes.get(index) - 1);
            // A little more than was reached: sums are inexact, and a value that falls by a hair is taken for a
            // restart.
            reached = rounded(reached + step * minutes.get(index) + 1e-6);
        }
        return values.toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}
