package io.trayb.testing;

import io.dropwizard.core.setup.Bootstrap;
import io.trayb.TraybApplication;
import io.trayb.TraybConfiguration;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code config.yml} as it is shipped, read as the service reads it. */
public final class ShippedConfiguration {
    public static final Path FILE = Path.of("..", "config.yml");

    private ShippedConfiguration() {}

    /** With these environment variables alone. */
    public static TraybConfiguration load(Map<String, String> environment) throws Exception {
        return load(environment, UnaryOperator.identity());
    }

    /** With changes to its text as well. */
    public static TraybConfiguration load(Map<String, String> environment, UnaryOperator<String> edit)
            throws Exception {
        TraybApplication application = new TraybApplication(environment);
        Bootstrap<TraybConfiguration> bootstrap = new Bootstrap<>(application);
        application.initialize(bootstrap);
        String text = edit.apply(Files.readString(FILE));
        return bootstrap
                .getConfigurationFactoryFactory()
                .create(
                        TraybConfiguration.class,
                        bootstrap.getValidatorFactory().getValidator(),
                        bootstrap.getObjectMapper(),
                        "dw")
                .build(path -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), FILE.toString());
    }
}
