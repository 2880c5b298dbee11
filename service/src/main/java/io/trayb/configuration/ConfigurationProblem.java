package io.trayb.configuration;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** What is wrong with a configuration, in sentences without secrets. It has no cause on purpose: a cause repeats values. */
public final class ConfigurationProblem extends ConfigurationException {
    ConfigurationProblem(String path, List<String> errors) {
        super(path, errors.stream().map(Secrets::masked).toList());
    }
}
