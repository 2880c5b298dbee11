package io.trayb;

import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.trayb.configuration.StrictConfigurationFactory;
import io.trayb.health.DependencyObserver;
import io.trayb.health.Health;
import io.trayb.health.PostgresProbe;
import io.trayb.health.Probe;
import io.trayb.health.RedisProbe;
import io.trayb.http.HttpBundle;
import io.trayb.http.StrictJson;
import java.util.List;
import java.util.Map;

/** The service's entry, and the one place where its parts are put together. */
public final class TraybApplication extends Application<TraybConfiguration> {
    private final Map<String, String> environmentVariables;

    /** The service as its process' environment variables set it up. */
    public TraybApplication() {
        this(System.getenv());
    }

    /** The service as the given environment variables set it up. */
    public TraybApplication(Map<String, String> environmentVariables) {
        this.environmentVariables = Map.copyOf(environmentVariables);
    }

    public static void main(String[] arguments) throws Exception {
        new TraybApplication().run(arguments);
    }

    @Override
    public String getName() {
        return "trayb";
    }

    @Override
    protected void addDefaultCommands(Bootstrap<TraybConfiguration> bootstrap) {
        bootstrap.addCommand(new TraybServerCommand(this));
        bootstrap.addCommand(new CheckCommand<>(this));
        bootstrap.addCommand(new TraybDbCommand());
    }

    @Override
    public void initialize(Bootstrap<TraybConfiguration> bootstrap) {
        bootstrap.setConfigurationFactoryFactory(StrictConfigurationFactory.over(environmentVariables));
        bootstrap.setObjectMapper(StrictJson.newMapper());
    }

    @Override
    public void run(TraybConfiguration configuration, Environment environment) {
        configuration.server().setRegisterDefaultExceptionMappers(false);
        environment.jersey().setUrlPattern("/api/*");
        HttpBundle.install(environment);
        Platform platform = Platform.wire(configuration, environment);

        List<Probe> probes =
                List.of(new PostgresProbe(platform.database().url()), new RedisProbe(platform.redisConnections()));
        DependencyObserver observer = (dependency, up, latency) -> {};
        Health.install(
                environment, probes, configuration.readiness(), observer, TraybVersion.current(), System::nanoTime);

        environment.servlets().addServlet("landing", new LandingPage()).addMapping("");
        environment
                .lifecycle()
                .addEventListener(new Announcement(configuration.dataDir(), environment.getObjectMapper()));
    }
}
