package io.trayb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.keys.NewKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import io.trayb.openapi.Example;
import io.trayb.openapi.Story;
import io.trayb.testing.RunningService;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every example of the API's description, made in its order against the real service. */
class ApiExamplesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ApiContract CONTRACT = ApiContract.committed();

    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of());

    private static String key = "";

    @BeforeAll
    static void make_the_key_of_the_examples() {
        key = TestKeys.store(service.database())
                .create(new NewKey("admin", EnumSet.allOf(Scope.class), QueuePattern.ALL, null, null, "cli:ada"))
                .text()
                .reveal();
        // As long as the service hasn't heard of it, anybody may do anything.
        await().until(() -> service.client().get("/jobs").status() == 401);
    }

    @TestFactory
    Stream<DynamicTest> every_example_is_answered_as_it_says() {
        Story story = new Story();
        return ApiDescription.document().examples().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.operation() + ": " + example.name(), () -> make(example, story)));
    }

    /** What the document shows is what is made above, and nothing else. */
    @Test
    void the_document_has_these_examples_and_no_others() {
        List<String> shown = new ArrayList<>();
        CONTRACT.operations().forEach((id, call) -> {
            for (JsonNode body : call.operation().findValues("examples")) {
                body.fieldNames().forEachRemaining(name -> shown.add(id + " " + name));
            }
        });
        List<String> made = ApiDescription.document().examples().stream()
                .map(example -> example.operation() + " " + example.name())
                .toList();
        assertThat(made).containsAll(shown).doesNotHaveDuplicates();
    }

    private static void make(Example example, Story story) throws Exception {
        Described call = CONTRACT.operation(example.operation());
        HttpResponse<InputStream> answer = CLIENT.send(request(example, call, story), BodyHandlers.ofInputStream());
        String type = answer.headers().firstValue("Content-Type").orElse(null);
        String text = text(answer, example.answer());
        assertThat(answer.statusCode()).as(text).isEqualTo(example.status());
        JsonNode body = text.isEmpty() || isStream(answer) ? null : JSON.readTree(text);
        assertThat(CONTRACT.faults(call, answer.statusCode(), type, body))
                .as(text)
                .isEmpty();
        JsonNode said = example.answer();
        if (said != null && isStream(answer)) {
            story.requireSameBlocks(said.textValue(), text);
        } else if (said != null) {
            assertThat(body).as("a body").isNotNull();
            story.requireSame("", said, body);
        }
        example.headers().forEach((name, value) -> {
            String actual = answer.headers().firstValue(name).orElseThrow();
            if (name.equals("Location")) {
                assertThat(URI.create(actual).getPath())
                        .isEqualTo(story.now(URI.create(value).getPath()));
            } else {
                story.learn(value, actual);
            }
        });
    }

    private static HttpRequest request(Example example, Described call, Story story) {
        String path = call.path();
        List<String> query = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> argument : example.arguments().entrySet()) {
            for (String value : values(argument.getValue(), story)) {
                String encoded = URLEncoder.encode(value, UTF_8);
                switch (call.parameter(argument.getKey()).path("in").asText()) {
                    case "path" -> path = path.replace("{" + argument.getKey() + "}", encoded);
                    case "query" -> query.add(argument.getKey() + "=" + encoded);
                    default -> headers.addAll(List.of(argument.getKey(), value));
                }
            }
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + service.port() + path + (query.isEmpty() ? "" : "?" + String.join("&", query))));
        JsonNode body = example.body();
        if (body == null) {
            request.method(call.method(), BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(
                    call.method(), BodyPublishers.ofString(story.now(body).toString()));
        }
        if (!example.anonymous()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        return request.build();
    }

    private static List<String> values(JsonNode argument, Story story) {
        List<String> values = new ArrayList<>();
        for (JsonNode value : argument.isArray() ? argument : List.of(argument)) {
            values.add(story.now(value).asText());
        }
        return values;
    }

    private static boolean isStream(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
    }

    /** Of a stream, which doesn't end, as many blocks as the example shows. */
    private static String text(HttpResponse<InputStream> answer, @Nullable JsonNode said) throws IOException {
        try (InputStream in = answer.body()) {
            if (!isStream(answer) || said == null) {
                return new String(in.readAllBytes(), UTF_8);
            }
            StringBuilder text = new StringBuilder();
            int blocks = Story.blocks(said.textValue()).size();
            while (Story.blocks(text.toString()).size() < blocks) {
                int next = in.read();
                assertThat(next).as("the stream goes on after %s", text).isNotNegative();
                text.append((char) next);
            }
            return text.toString();
        }
    }
}
