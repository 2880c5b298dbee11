package io.trayb.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApiDocumentTest {
    /** A resource that says as much as resources do. */
    @Path("/things")
    public static final class Things {
        @GET
        @Path("/{id}")
        public String get(@PathParam("id") String id) {
            return id;
        }

        @POST
        public String add(JsonNode body, @HeaderParam("X-Mark") String mark) {
            return mark + body;
        }
    }

    /** What is answered. */
    record Thing(String name, @Nullable Integer size) {}

    private static final List<Call> CALLS = Call.of(Things.class, method -> Optional.of("read"));

    private static ApiDocument document(Operation... operations) {
        return ApiDocument.of("About things.", Map.of("things", "All of them."), CALLS, List.of(operations), List.of());
    }

    @Test
    void a_call_is_read_from_its_resource() {
        assertThat(CALLS)
                .containsExactly(
                        new Call("POST", "/api/things", "read", 1024 * 1024, Set.of("X-Mark"), "Things.add"),
                        new Call("GET", "/api/things/{id}", "read", 0, Set.of("id"), "Things.get"));
    }

    @Test
    void every_call_that_nobody_describes_is_named() {
        assertThatThrownBy(ApiDocumentTest::document)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GET /api/things/{id} has no description")
                .hasMessageContaining("POST /api/things has no description");
    }

    @Test
    void a_description_that_leaves_something_out_or_makes_something_up_is_refused_with_all_of_it() {
        Operation get = Operation.describe("GET /api/things/{id}", "getThing", "stuff", "Shows a thing")
                .answers(200, Schema.text(), "The thing.")
                .build();
        Operation add = Operation.describe("POST /api/things", "addThing", "things", "Adds a thing")
                .path("name", Schema.text(), "Its name.")
                .answers(200, Schema.text(), "The thing.")
                .build();
        Operation none = Operation.describe("DELETE /api/things", "getThing", "things", "Removes things")
                .answersNothing(204, "Gone.")
                .build();
        assertThatThrownBy(() -> document(get, add, none))
                .hasMessageContaining("GET /api/things/{id} has the parameter id, which isn't described")
                .hasMessageContaining("GET /api/things/{id} has the tag 'stuff'")
                .hasMessageContaining("POST /api/things has the parameter X-Mark, which isn't described")
                .hasMessageContaining("POST /api/things has no {name}")
                .hasMessageContaining("POST /api/things takes a body as Things.add has it")
                .hasMessageContaining("POST /api/things has no example")
                .hasMessageContaining("DELETE /api/things is described, but nothing serves it")
                .hasMessageContaining("has the id 'getThing', which another one has");
    }

    @Test
    void a_records_fields_are_all_described_or_it_is_refused() {
        assertThatThrownBy(() -> RecordSchema.of(Thing.class)
                        .field("name", "What it is called.")
                        .field("sise", "How large it is.")
                        .build())
                .hasMessageContaining("of Thing must be of all its fields and no others")
                .hasMessageContaining("missing are [size], unknown are [sise]");
    }

    @Test
    void what_may_be_null_is_read_from_the_record() {
        JsonNode schema = RecordSchema.of(Thing.class)
                .field("name", "What it is called.")
                .field("size", "How large it is.")
                .build()
                .json();
        assertThat(schema.at("/properties/name/type").asText()).isEqualTo("string");
        assertThat(schema.at("/properties/size/type").toString()).isEqualTo("[\"integer\",\"null\"]");
        assertThat(schema.path("required").toString()).isEqualTo("[\"name\",\"size\"]");
    }
}
