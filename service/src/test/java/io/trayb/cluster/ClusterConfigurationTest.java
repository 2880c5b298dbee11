package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.BaseValidator;
import io.trayb.roles.Role;
import io.trayb.roles.Roles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigurationTest {
    private static final ObjectMapper JSON = Jackson.newObjectMapper();

    @Test
    void what_is_left_out_has_its_default() throws Exception {
        assertThat(read("{}"))
                .isEqualTo(new ClusterConfiguration(
                        "1",
                        Duration.milliseconds(500),
                        Duration.seconds(30),
                        Duration.seconds(10),
                        5,
                        Duration.minutes(2),
                        Duration.seconds(240),
                        Duration.seconds(30)));
    }

    @Test
    void every_key_is_read() throws Exception {
        assertThat(read("""
                {"workers": 3, "restartMin": "1s", "restartMax": "2s", "quickDeath": "3s", "maxQuickDeaths": 4, "startWithin": "5s",
                 "stopWithin": "6s", "hungAfter": "7s"}
                """))
                .isEqualTo(new ClusterConfiguration(
                        "3",
                        Duration.seconds(1),
                        Duration.seconds(2),
                        Duration.seconds(3),
                        4,
                        Duration.seconds(5),
                        Duration.seconds(6),
                        Duration.seconds(7)));
    }

    @Test
    void auto_is_a_process_for_each_core() throws Exception {
        assertThat(read("{\"workers\": \"auto\"}").processes(6)).isEqualTo(6);
        assertThat(read("{\"workers\": \"2\"}").processes(6)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65", "-1", "many", "2.5", "", "AUTO"})
    void a_number_of_processes_that_cannot_be_is_refused(String workers) {
        assertThatThrownBy(() -> read("{\"workers\": \"" + workers + "\"}"))
                .rootCause()
                .hasMessage(
                        "workers (CLUSTER_WORKERS) is '" + workers + "', must be auto or a whole number from 1 to 64");
    }

    @Test
    void the_shortest_pause_is_not_longer_than_the_longest() throws Exception {
        assertThat(BaseValidator.newValidator().validate(read("{\"restartMin\": \"1m\"}")))
                .extracting(violation -> violation.getMessage())
                .containsExactly("cluster.restartMin must not be longer than cluster.restartMax");
    }

    @Test
    void the_first_process_runs_jobs_and_the_others_leave_them_to_it() {
        assertThat(Member.of(3, Roles.ALL))
                .containsExactly(
                        new Member("jobs-1", Roles.ALL),
                        new Member("api-2", Roles.ALL.without(Role.WORKER)),
                        new Member("api-3", Roles.ALL.without(Role.WORKER)));
        Roles events = Roles.of(List.of("events"));
        assertThat(Member.of(2, events))
                .containsExactly(new Member("events-1", events), new Member("events-2", events));
    }

    @Test
    void processes_that_would_have_nothing_to_do_are_refused() {
        assertThatThrownBy(() -> Member.of(2, Roles.of(List.of("worker"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the others would have nothing to do; set CLUSTER_WORKERS to 1");
        assertThat(Member.of(1, Roles.of(List.of("worker")))).hasSize(1);
    }

    @Test
    void the_processes_share_half_of_the_memory_unless_a_heap_is_said() {
        assertThat(JavaCommand.options(1, Map.of())).containsExactly("-XX:MaxRAMPercentage=25");
        assertThat(JavaCommand.options(8, Map.of("JAVA_OPTS", " -Xlog:gc  -ea ")))
                .containsExactly("-XX:MaxRAMPercentage=6", "-Xlog:gc", "-ea");
        assertThat(JavaCommand.options(8, Map.of("JAVA_OPTS", "-Xmx1g"))).containsExactly("-Xmx1g");
        assertThat(JavaCommand.options(8, Map.of("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=10")))
                .isEmpty();
    }

    private static ClusterConfiguration read(String json) throws Exception {
        return JSON.readValue(json, ClusterConfiguration.class);
    }
}
