package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import io.trayb.openapi.DescriptionServlet;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ApiDescriptionTest {
    private static final ApiContract CONTRACT = ApiContract.committed();

    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    @Test
    void the_committed_document_is_that_of_the_code() throws Exception {
        assertThat(Files.readString(Path.of("..", ApiDescription.FILE)))
                .as("run `./trayb generate`, and look at what it changes")
                .isEqualTo(ApiDescription.document().json());
    }

    @Test
    void it_is_served_with_a_tag_by_which_clients_know_whether_theirs_is_still_right() {
        Answer answer = service.client().get("/openapi.json");
        assertThat(answer.json(200).path("openapi").asText()).isEqualTo("3.1.1");
        assertThat(answer.body()).isEqualTo(ApiDescription.document().json());
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        String tag = answer.header("ETag");
        assertThat(service.client().get("/openapi.json", "If-None-Match", tag).status())
                .isEqualTo(304);
        assertThat(service.client()
                        .get("/openapi.json", "If-None-Match", "\"another\"")
                        .status())
                .isEqualTo(200);
        assertThat(service.client()
                        .call("POST", "/openapi.json", "{}")
                        .problem(405)
                        .path("detail")
                        .asText())
                .contains("use GET");
    }

    @Test
    void a_call_without_a_description_stops_the_start_and_is_named() {
        Set<String> served = new TreeSet<>(ApiDescription.document().routes());
        served.add("PATCH /api/v1/jobs/{id}");
        served.remove("GET " + DescriptionServlet.PATH);
        assertThatThrownBy(() -> ApiDescription.document().requireRoutes(served))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not described are [PATCH /api/v1/jobs/{id}]")
                .hasMessageContaining("not served are [GET /api/v1/openapi.json]");
    }

    @Test
    void every_reference_leads_somewhere_and_every_component_is_used() {
        List<String> references = CONTRACT.document().findValuesAsText("$ref");
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                CONTRACT.document().at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
        for (String kind : List.of("schemas", "responses")) {
            CONTRACT.document()
                    .path("components")
                    .path(kind)
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(references)
                            .as("something refers to it")
                            .contains("#/components/" + kind + "/" + name));
        }
    }

    @Test
    void every_schema_is_json_schema() {
        List<JsonNode> schemas = new ArrayList<>(CONTRACT.document().findValues("schema"));
        CONTRACT.document().at("/components/schemas").forEach(schemas::add);
        assertThat(schemas)
                .hasSizeGreaterThan(100)
                .allSatisfy(schema -> assertThat(ApiContract.faultsOfSchema(schema))
                        .as(schema.toString())
                        .isEmpty());
        ObjectNode wrong = schemas.get(0).deepCopy();
        assertThat(ApiContract.faultsOfSchema(wrong.put("type", "text"))).isNotEmpty();
    }

    /** A generated client would send what the examples say. */
    @Test
    void every_example_is_as_its_schema_says() {
        CONTRACT.operations().forEach((id, call) -> {
            for (JsonNode parameter : call.operation().path("parameters")) {
                requireValid(id + " " + parameter.path("name").asText(), parameter);
            }
            call.operation().at("/requestBody/content").forEach(media -> requireValid(id + " body", media));
            for (JsonNode answer : call.operation().path("responses")) {
                answer.path("content").forEach(media -> requireValid(id + " answer", media));
            }
        });
    }

    private static void requireValid(String place, JsonNode shown) {
        shown.path("examples").properties().forEach(example -> {
            if (!WRONG_ON_PURPOSE.contains(example.getKey())) {
                assertThat(CONTRACT.faults(
                                shown.path("schema"), example.getValue().path("value")))
                        .as(place + " " + example.getKey())
                        .isEmpty();
            }
        });
    }

    /** Those that show how something is refused. */
    private static final Set<String> WRONG_ON_PURPOSE = Set.of("a-misspelt-field", "out-of-range", "a-misspelt-topic");

    @Test
    void every_operation_says_all_that_a_client_needs() {
        assertThat(CONTRACT.operations()).hasSizeGreaterThanOrEqualTo(29);
        List<String> missing = new ArrayList<>();
        CONTRACT.operations().forEach((id, call) -> {
            requireText(missing, id, call.operation().path("summary"));
            for (JsonNode parameter : call.operation().path("parameters")) {
                requireText(missing, id + " " + parameter.path("name"), parameter.path("description"));
                if (parameter.path("schema").isEmpty()) {
                    missing.add(id + " " + parameter.path("name") + " has no schema");
                }
            }
            requireAnswers(missing, id, call);
        });
        assertThat(missing).isEmpty();
    }

    private static void requireAnswers(List<String> missing, String id, Described call) {
        boolean ofTheApi = call.path().startsWith("/api/");
        List<String> statuses = new ArrayList<>();
        call.operation().path("responses").fieldNames().forEachRemaining(statuses::add);
        for (String status : ofTheApi ? List.of("401", "403", "406", "429", "500", "503") : List.of("500")) {
            if (!statuses.contains(status)) {
                missing.add(id + " doesn't say what " + status + " means");
            }
        }
        if (ofTheApi && call.operation().path("security").isEmpty()) {
            missing.add(id + " doesn't say that it needs a key");
        }
    }

    private static void requireText(List<String> missing, String place, JsonNode text) {
        if (text.asText().isBlank()) {
            missing.add(place + " has no description");
        }
    }
}
