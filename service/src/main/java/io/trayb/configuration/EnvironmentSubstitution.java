package io.trayb.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.UndefinedEnvironmentVariableException;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.StringSubstitutor;

/**
 * Puts environment variables into a configuration: {@code ${PORT:-8080}}, or {@code ${NAME}} where there is no default, which
 * must then be set.
 *
 * <p>After the YAML has been parsed and not before, unlike Dropwizard's source provider: a password with a {@code #}, a quote
 * or a {@code ": "} in it would otherwise change the document. A variable that is set to nothing counts as not set. What
 * comes out empty is null.
 */
final class EnvironmentSubstitution {
    private final StringSubstitutor substitutor;

    EnvironmentSubstitution(Map<String, String> environment) {
        boolean strict = true;
        boolean nested = true;
        substitutor = new EnvironmentVariableSubstitutor(strict, nested);
        substitutor.setVariableResolver(name -> {
            String value = environment.get(name);
            return value == null || value.isBlank() ? null : value;
        });
        // A value is a value, also with a ${ in it.
        substitutor.setDisableSubstitutionInValues(true);
    }

    /**
     * Replaces in place, everywhere below the node.
     *
     * @throws UndefinedEnvironmentVariableException when a variable without a default isn't set
     */
    void apply(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                object.set(field.getKey(), replaced(field.getValue()));
            }
        } else if (node instanceof ArrayNode array) {
            for (int index = 0; index < array.size(); index++) {
                array.set(index, replaced(array.get(index)));
            }
        }
    }

    private JsonNode replaced(JsonNode node) {
        if (!node.isTextual() || !node.textValue().contains("${")) {
            apply(node);
            return node;
        }
        String text = substitutor.replace(node.textValue());
        return text.isBlank() ? NullNode.instance : TextNode.valueOf(text);
    }
}
