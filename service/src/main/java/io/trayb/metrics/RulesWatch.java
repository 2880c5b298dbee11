package io.trayb.metrics;

import io.dropwizard.lifecycle.Managed;
import io.trayb.monitoring.deployed.DeployedRules;
import io.trayb.monitoring.deployed.Deviation;
import io.trayb.monitoring.deployed.UnreachableException;
import io.trayb.threads.Loop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the rules that Prometheus has loaded with those that this process was built with, rule by rule. Owns a thread, which
 * looks once a minute and ends when the service stops.
 */
final class RulesWatch implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(RulesWatch.class);
    static final Duration PAUSE = Duration.ofMinutes(1);
    /** Nothing is lost when a comparison is cut short. */
    private static final Duration STOP_AT_MOST = Duration.ofSeconds(1);

    private final DeployedRules rules;
    private final URI prometheus;
    private final RulesRecorder recorder;
    private final Duration pause;
    private final Loop loop = new Loop("rules-watch", this::compare);
    private List<Deviation> before = List.of();

    /**
     * A watch, not yet started.
     *
     * @param rules the text of {@code rules.yml} as this process has it
     * @param pause between two looks
     */
    RulesWatch(String rules, URI prometheus, RulesRecorder recorder, Duration pause) {
        this.rules = new DeployedRules(rules);
        this.prometheus = prometheus;
        this.recorder = recorder;
        this.pause = pause;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() throws InterruptedException {
        loop.stop(STOP_AT_MOST);
    }

    private Duration compare() throws InterruptedException {
        try {
            List<Deviation> deviations = rules.compare(prometheus);
            recorder.compared(
                    (int) deviations.stream().map(Deviation::what).distinct().count());
            if (!deviations.equals(before)) {
                before = deviations;
                say(deviations);
            }
        } catch (UnreachableException e) {
            recorder.failed();
            LOGGER.debug("rules can't be compared", e);
        }
        return pause;
    }

    private void say(List<Deviation> deviations) {
        if (deviations.isEmpty()) {
            LOGGER.info("the rules at {} are those of this build again", prometheus);
        } else {
            LOGGER.warn(
                    "the rules at {} aren't those of this build: {}",
                    prometheus,
                    deviations.stream().map(Deviation::toString).collect(Collectors.joining("; ")));
        }
    }
}
