package io.trayb.configuration;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.ConfigurationFactoryFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.configuration.UndefinedEnvironmentVariableException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.jackson.Jackson;
import io.trayb.logging.JsonLayoutFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Dropwizard's way from YAML to a configuration, with environment variables put in and errors in sentences.
 *
 * @param <T> the configuration
 */
public final class StrictConfigurationFactory<T> extends YamlConfigurationFactory<T> {
    private final EnvironmentSubstitution substitution;

    private StrictConfigurationFactory(
            Class<T> type, Validator validator, String propertyPrefix, Map<String, String> environment) {
        super(type, validator, newMapper(), propertyPrefix);
        this.substitution = new EnvironmentSubstitution(environment);
    }

    /** One of its own: requests are read more strictly than is good for durations and sizes in YAML. */
    private static ObjectMapper newMapper() {
        ObjectMapper mapper = Jackson.newObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        // After Dropwizard's own of that name, in the place of which it is then taken.
        mapper.registerSubtypes(JsonLayoutFactory.class);
        return mapper;
    }

    /** For {@code Bootstrap}, with the variables that are put in. */
    public static <T> ConfigurationFactoryFactory<T> over(Map<String, String> environment) {
        return (type, validator, mapper, propertyPrefix) -> {
            ConfigurationFactory<T> factory =
                    new StrictConfigurationFactory<>(type, validator, propertyPrefix, environment);
            return factory;
        };
    }

    @Override
    public T build(ConfigurationSourceProvider provider, String path) throws IOException, ConfigurationException {
        try {
            return super.build(provider, path);
        } catch (ConfigurationProblem e) {
            throw e;
        } catch (ConfigurationException e) {
            // Broken YAML: the parser shows the line, whatever is written there.
            throw new ConfigurationProblem(path, List.copyOf(e.getErrors()));
        }
    }

    @Override
    protected T build(JsonNode node, String path) throws IOException, ConfigurationException {
        JsonNode written = node.deepCopy();
        try {
            substitution.apply(node);
        } catch (UndefinedEnvironmentVariableException e) {
            throw new ConfigurationProblem(path, List.of(String.valueOf(e.getMessage())));
        }
        try {
            return super.build(node, path);
        } catch (ConfigurationValidationException e) {
            throw new ConfigurationProblem(path, List.copyOf(e.getErrors()));
        } catch (ConfigurationException e) {
            if (e.getCause() instanceof JsonMappingException mapping) {
                throw new ConfigurationProblem(path, List.of(new MappingSentence(mapping, written, node).text()));
            }
            throw new ConfigurationProblem(path, List.copyOf(e.getErrors()));
        }
    }
}
