package io.trayb.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"[\"api\", \"events\"]", "\"api,events\"", "\" events , api \"", "\"api,api,events\""})
    void a_list_and_names_with_commas_between_them_say_the_same(String written) throws Exception {
        assertThat(JSON.readValue(written, Roles.class)).isEqualTo(Roles.of(List.of("api", "events")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"api,jobs\"", "\"API\"", "\"api,\"", "[\"api\", 1]", "{}"})
    void what_is_no_role_is_refused_with_those_that_are(String written) {
        assertThatThrownBy(() -> JSON.readValue(written, Roles.class))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no role; roles must be of api, events, worker");
    }

    @Test
    void none_at_all_is_refused() {
        assertThatThrownBy(() -> JSON.readValue("[]", Roles.class))
                .rootCause()
                .hasMessageContaining("must be one or more of api, events, worker");
        assertThatThrownBy(() -> Roles.of(List.of("worker")).without(Role.WORKER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void they_are_told_in_one_order() {
        assertThat(Roles.of(List.of("worker", "events", "api")))
                .isEqualTo(Roles.ALL)
                .hasToString("api, events, worker");
        assertThat(Roles.ALL.without(Role.EVENTS).names()).containsExactly("api", "worker");
    }
}
