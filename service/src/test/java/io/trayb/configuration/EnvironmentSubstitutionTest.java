package io.trayb.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dropwizard.configuration.UndefinedEnvironmentVariableException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentSubstitutionTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void a_variable_that_is_set_wins_over_its_default_wherever_it_stands() throws Exception {
        JsonNode node = JSON.readTree("{\"a\":[{\"b\":\"${X:-1}\"}],\"c\":\"${X:-1}ms\",\"d\":5}");

        new EnvironmentSubstitution(Map.of("X", "7")).apply(node);

        assertThat(node).hasToString("{\"a\":[{\"b\":\"7\"}],\"c\":\"7ms\",\"d\":5}");
    }

    @Test
    void a_variable_may_be_the_default_of_another() throws Exception {
        assertThat(value("${X:-${Y:-1}}", Map.of())).isEqualTo("1");
        assertThat(value("${X:-${Y:-1}}", Map.of("Y", "2"))).isEqualTo("2");
        assertThat(value("${X:-${Y:-1}}", Map.of("Y", "2", "X", "3"))).isEqualTo("3");
    }

    @Test
    void a_variable_that_is_set_to_nothing_counts_as_not_set() throws Exception {
        assertThat(value("${X:-1}", Map.of("X", ""))).isEqualTo("1");
    }

    @Test
    void what_comes_out_empty_is_null() throws Exception {
        JsonNode node = JSON.createObjectNode().set("a", TextNode.valueOf("${X:-}"));
        new EnvironmentSubstitution(Map.of()).apply(node);

        assertThat(node.get("a").isNull()).isTrue();
    }

    @Test
    void a_value_is_never_read_as_yaml_or_as_another_variable() throws Exception {
        String value = "p: \"w' # ${HOME} {x}";

        assertThat(value("${X:-1}", Map.of("X", value, "HOME", "no"))).isEqualTo(value);
    }

    @Test
    void a_variable_without_a_default_must_be_set() {
        assertThatThrownBy(() -> value("${MISSING}", Map.of()))
                .isInstanceOf(UndefinedEnvironmentVariableException.class)
                .hasMessageContaining("MISSING");
    }

    private static String value(String text, Map<String, String> environment) {
        JsonNode node = JSON.createObjectNode().set("a", TextNode.valueOf(text));
        new EnvironmentSubstitution(environment).apply(node);
        return node.get("a").asText();
    }
}
