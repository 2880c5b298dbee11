package io.trayb.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.testing.TestRedis;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ClientModuleTest {
    private static TestRedis redis;
    private static TestNode node;

    @BeforeAll
    static void start() {
        redis = TestRedis.own();
        node = new TestNode(redis, TestEvents.quick());
    }

    @AfterAll
    static void stop() {
        node.close();
        redis.close();
    }

    @Test
    void it_is_javascript_that_browsers_may_keep_but_ask_for() throws Exception {
        HttpResponse<String> module = node.send("GET", Events.CLIENT_PATH);

        assertThat(module.statusCode()).isEqualTo(200);
        assertThat(module.headers().firstValue("Content-Type").orElseThrow())
                .matches("text/javascript;\\s*charset=utf-8");
        assertThat(module.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(module.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(module.body()).contains("export function connect").doesNotContain("\nimport ");
    }

    @Test
    void who_has_it_is_told_so() throws Exception {
        String tag = node.send("GET", Events.CLIENT_PATH)
                .headers()
                .firstValue("ETag")
                .orElseThrow();

        HttpResponse<String> again = node.send("GET", Events.CLIENT_PATH, "If-None-Match", "\"other\", " + tag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(node.send("GET", Events.CLIENT_PATH, "If-None-Match", "\"other\"")
                        .statusCode())
                .isEqualTo(200);
    }
}
