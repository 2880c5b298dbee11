package io.trayb.monitoring.catalog;

import io.trayb.monitoring.alert.BurnRate;
import io.trayb.monitoring.alert.BurnRate.RequestMix;
import io.trayb.monitoring.alert.BurnRate.Steps;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.TestSeries;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The series that API requests make, for the proofs of what the API promises. */
enum ApiRequests implements RequestMix {
    /** The bad ones fail. */
    FAILING {
        @Override
        List<TestSeries> on(Thresholds thresholds, String route, String instance, List<Steps> steps) {
            return List.of(
                    count(instance, route, "200", counting(steps, step -> step.perMinute() - step.badPerMinute())),
                    count(instance, route, "500", bornWithTheFirst(steps)));
        }

        /** The client is to blame. */
        @Override
        public List<TestSeries> harmless(Thresholds thresholds, String instance, List<Steps> steps) {
            return List.of(count(instance, ROUTE, "404", counting(steps, Steps::perMinute)));
        }

        @Override
        public List<TestSeries> afterRestart(Thresholds thresholds, int minutes, double perMinute) {
            String instance = Stimulus.instance(1);
            return List.of(
                    count(instance, ROUTE, "200", BurnRate.counting(List.of(perMinute), List.of(2 * minutes))),
                    count(instance, ROUTE, "500", "1000+0x" + (minutes - 1) + " 0+0x" + minutes));
        }
    },
    /** The bad ones are slow. */
    SLOW {
        @Override
        List<TestSeries> on(Thresholds thresholds, String route, String instance, List<Steps> steps) {
            return List.of(
                    count(instance, route, "200", counting(steps, Steps::perMinute)),
                    quick(
                            thresholds,
                            instance,
                            route,
                            "200",
                            counting(steps, step -> step.perMinute() - step.badPerMinute())));
        }

        /** They failed, and count as failures. Quick ones beside them, or there would be no share to look at. */
        @Override
        public List<TestSeries> harmless(Thresholds thresholds, String instance, List<Steps> steps) {
            String all = counting(steps, Steps::perMinute);
            return List.of(
                    count(instance, ROUTE, "503", all),
                    quick(
                            thresholds,
                            instance,
                            ROUTE,
                            "503",
                            "0+0x" + steps.get(0).minutes()),
                    count(instance, ROUTE, "200", all),
                    quick(thresholds, instance, ROUTE, "200", all));
        }

        @Override
        public List<TestSeries> afterRestart(Thresholds thresholds, int minutes, double perMinute) {
            String instance = Stimulus.instance(1);
            String values = "1000+" + (long) perMinute + "x" + (minutes - 1) + " 0+" + (long) perMinute + "x" + minutes;
            return List.of(count(instance, ROUTE, "200", values), quick(thresholds, instance, ROUTE, "200", values));
        }
    };

    private static final String ROUTE = "/api/v1/jobs/{id}";

    abstract List<TestSeries> on(Thresholds thresholds, String route, String instance, List<Steps> steps);

    @Override
    public List<TestSeries> of(Thresholds thresholds, String instance, List<Steps> steps) {
        return on(thresholds, ROUTE, instance, steps);
    }

    /** Streams, long polls and waiting leases; and what failed, which is no matter of how quick those are that were served. */
    @Override
    public List<TestSeries> leftOut(Thresholds thresholds, String instance, List<Steps> steps) {
        List<TestSeries> series = new ArrayList<>();
        HttpMetrics.OPEN_ENDED_ROUTES.forEach(route -> series.addAll(on(thresholds, route, instance, steps)));
        if (this == SLOW) {
            String good = counting(steps, step -> step.perMinute() - step.badPerMinute());
            series.add(count(instance, ROUTE, "502", good));
            series.add(quick(thresholds, instance, ROUTE, "502", good));
        }
        return List.copyOf(series);
    }

    private static TestSeries count(String instance, String route, String status, String values) {
        return TestSeries.of(HttpMetrics.REQUEST_DURATION.name() + "_count", instance, labels(route, status), values);
    }

    private static TestSeries quick(
            Thresholds thresholds, String instance, String route, String status, String values) {
        Map<String, String> labels = labels(route, status);
        labels.put("le", Histogram.boundLabel(thresholds.value(TraybThresholds.API_SLOW)));
        return TestSeries.of(HttpMetrics.REQUEST_DURATION.name() + "_bucket", instance, labels, values);
    }

    private static Map<String, String> labels(String route, String status) {
        return new TreeMap<>(Map.of("method", "GET", "route", route, "status", status));
    }

    /** As the service exports it: there is no series of a status before there is such an answer. */
    private static String bornWithTheFirst(List<Steps> steps) {
        int before = 0;
        int first = 0;
        while (first < steps.size() - 1 && steps.get(first).badPerMinute() == 0) {
            before += steps.get(first).minutes();
            first++;
        }
        String values = counting(steps.subList(first, steps.size()), Steps::badPerMinute);
        return before == 0 ? values : "_x" + before + " " + values;
    }

    private static String counting(List<Steps> steps, ToDoubleFunction<Steps> perMinute) {
        return BurnRate.counting(
                steps.stream().map(perMinute::applyAsDouble).toList(),
                steps.stream().map(Steps::minutes).toList());
    }
}
