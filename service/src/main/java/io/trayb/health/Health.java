package io.trayb.health;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.setup.ServletEnvironment;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Puts {@code /healthz} and {@code /readyz} on both ports, and the probes behind them into the service's life. */
public final class Health {
    private static final String READY = "/readyz";

    private Health() {}

    /**
     * Installs it.
     *
     * @param probes the dependencies, in the order in which they are shown
     * @param observer hears of each probe
     * @param pressure what {@code /readyz} shows of how hard-pressed this process is; written as JSON
     * @param version of the product, for {@code /healthz}
     * @param nanoTime a monotonic clock
     */
    public static Readiness install(
            Environment environment,
            List<Probe> probes,
            ReadinessConfiguration configuration,
            DependencyObserver observer,
            Supplier<?> pressure,
            String version,
            LongSupplier nanoTime) {
        Readiness readiness = new Readiness(probes, configuration, observer, pressure, nanoTime);
        ObjectMapper json = environment.getObjectMapper();
        for (ServletEnvironment port : List.of(environment.servlets(), environment.admin())) {
            port.addServlet("healthz", new LivenessServlet(json, version, nanoTime))
                    .addMapping("/healthz");
        }
        environment
                .servlets()
                .addServlet("readyz", new ReadinessServlet(readiness::answer, json))
                .addMapping(READY);
        environment
                .admin()
                .addServlet("readyz", new ReadinessServlet(readiness::answerToOperators, json))
                .addMapping(READY);
        environment.lifecycle().manage(readiness);
        environment.lifecycle().addEventListener(readiness);
        for (Probe probe : probes) {
            environment.healthChecks().register(probe.name(), new Mirror(readiness, probe.name()));
        }
        return readiness;
    }

    /** The same state on Dropwizard's own {@code /healthcheck}. */
    private static final class Mirror extends HealthCheck {
        private final Readiness readiness;
        private final String dependency;

        Mirror(Readiness readiness, String dependency) {
            this.readiness = readiness;
            this.dependency = dependency;
        }

        @Override
        protected Result check() {
            return readiness.error(dependency).map(Result::unhealthy).orElseGet(Result::healthy);
        }
    }
}
