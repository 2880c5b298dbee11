package io.trayb.monitoring.catalog;

import io.trayb.monitoring.alert.BurnRate;
import io.trayb.monitoring.alert.BurnRate.RequestMix;
import io.trayb.monitoring.alert.BurnRate.Steps;
import io.trayb.monitoring.alert.Stimulus;
import io.trayb.monitoring.alert.TestSeries;
import io.trayb.monitoring.metric.Histogram;
import io.trayb.monitoring.threshold.Thresholds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The series that API requests make, for the proofs of what the API promises. */
enum ApiRequests implements RequestMix {
    /** The bad ones fail. */
    FAILING {
        @Override
        public List<TestSeries> of(Thresholds thresholds, String instance, List<Steps> steps) {
            return List.of(
                    count(instance, "200", counting(steps, step -> step.perMinute() - step.badPerMinute())),
                    count(instance, "500", counting(steps, Steps::badPerMinute)));
        }

        /** The client is to blame. */
        @Override
        public List<TestSeries> harmless(Thresholds thresholds, String instance, List<Steps> steps) {
            return List.of(count(instance, "404", counting(steps, Steps::perMinute)));
        }

        @Override
        public List<TestSeries> afterRestart(Thresholds thresholds, int minutes, double perMinute) {
            String instance = Stimulus.instance(1);
            return List.of(
                    count(instance, "200", BurnRate.counting(List.of(perMinute), List.of(2 * minutes))),
                    count(instance, "500", BEFORE_AND_AFTER.formatted(minutes - 1, minutes)));
        }
    },
    /** The bad ones are slow. */
    SLOW {
        @Override
        public List<TestSeries> of(Thresholds thresholds, String instance, List<Steps> steps) {
            return List.of(
                    count(instance, "200", counting(steps, Steps::perMinute)),
                    quick(thresholds, instance, counting(steps, step -> step.perMinute() - step.badPerMinute())));
        }

        /** They failed, and count as failures. Quick ones beside them, or there would be no share to look at. */
        @Override
        public List<TestSeries> harmless(Thresholds thresholds, String instance, List<Steps> steps) {
            String slow = counting(steps, Steps::perMinute);
            return List.of(
                    count(instance, "503", slow),
                    bucket(thresholds, instance, "503", "0+0x" + steps.get(0).minutes()),
                    count(instance, "200", slow),
                    quick(thresholds, instance, slow));
        }

        @Override
        public List<TestSeries> afterRestart(Thresholds thresholds, int minutes, double perMinute) {
            String instance = Stimulus.instance(1);
            String values = "1000+" + (long) perMinute + "x" + (minutes - 1) + " 0+" + (long) perMinute + "x" + minutes;
            return List.of(count(instance, "200", values), quick(thresholds, instance, values));
        }

        private TestSeries quick(Thresholds thresholds, String instance, String values) {
            return bucket(thresholds, instance, "200", values);
        }
    };

    private static final String BEFORE_AND_AFTER = "1000+0x%d 0+0x%d";

    private static TestSeries count(String instance, String status, String values) {
        return TestSeries.of(HttpMetrics.REQUEST_DURATION.name() + "_count", instance, labels(status), values);
    }

    private static TestSeries bucket(Thresholds thresholds, String instance, String status, String values) {
        Map<String, String> labels = labels(status);
        labels.put("le", Histogram.boundLabel(thresholds.value(TraybThresholds.API_SLOW)));
        return TestSeries.of(HttpMetrics.REQUEST_DURATION.name() + "_bucket", instance, labels, values);
    }

    private static Map<String, String> labels(String status) {
        return new TreeMap<>(Map.of("method", "GET", "route", "/api/v1/jobs/{id}", "status", status));
    }

    private static String counting(List<Steps> steps, ToDoubleFunction<Steps> perMinute) {
        return BurnRate.counting(
                steps.stream().map(perMinute::applyAsDouble).toList(),
                steps.stream().map(Steps::minutes).toList());
    }
}
