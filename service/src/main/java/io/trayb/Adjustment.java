package io.trayb;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.util.function.Consumer;

/** What a command changes of the configuration after it was read and before anything is made of it, the log among it. */
final class Adjustment implements ConfigurationFactory<TraybConfiguration> {
    private final ConfigurationFactory<TraybConfiguration> reader;
    private final Consumer<TraybConfiguration> change;

    private Adjustment(ConfigurationFactory<TraybConfiguration> reader, Consumer<TraybConfiguration> change) {
        this.reader = reader;
        this.change = change;
    }

    /** Has each configuration that is read from now on changed. */
    static void install(Bootstrap<TraybConfiguration> bootstrap, Consumer<TraybConfiguration> change) {
        var original = bootstrap.getConfigurationFactoryFactory();
        bootstrap.setConfigurationFactoryFactory((type, validator, mapper, prefix) ->
                new Adjustment(original.create(type, validator, mapper, prefix), change));
    }

    @Override
    public TraybConfiguration build(ConfigurationSourceProvider provider, String path)
            throws IOException, ConfigurationException {
        return changed(reader.build(provider, path));
    }

    @Override
    public TraybConfiguration build() throws IOException, ConfigurationException {
        return changed(reader.build());
    }

    private TraybConfiguration changed(TraybConfiguration configuration) {
        change.accept(configuration);
        return configuration;
    }
}
