package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestDurationsTest {
    private final Collectors collectors = new Collectors(TraybCatalog.withDefaults());
    private final RequestDurations durations = new RequestDurations(collectors);

    private String exported() throws IOException {
        return new String(
                new Exposition(collectors).write("text/plain; version=0.0.4; charset=utf-8", false),
                StandardCharsets.UTF_8);
    }

    private static String count(String method, String route, String status, String count) {
        return "trayb_http_request_duration_seconds_count{method=\"" + method + "\",route=\"" + route + "\",status=\""
                + status + "\",} " + count + "\n";
    }

    @Test
    void requests_are_told_apart_by_method_route_and_status_the_first_time_and_every_time() throws IOException {
        for (int i = 0; i < 3; i++) {
            durations.observe("GET", "/a", 200, 1_000);
            durations.observe("GET", "/a", 404, 1_000);
            durations.observe("POST", "/a", 200, 1_000);
            durations.observe("GET", "/b", 200, 1_000);
        }
        assertThat(exported())
                .contains(count("GET", "/a", "200", "3.0"))
                .contains(count("GET", "/a", "404", "3.0"))
                .contains(count("POST", "/a", "200", "3.0"))
                .contains(count("GET", "/b", "200", "3.0"));
    }

    @Test
    void a_strange_method_a_strange_status_and_a_route_too_many_are_counted_too() throws IOException {
        durations.observe("BREW", "/a", 200, 1_000);
        durations.observe("GET", "/a", 999, 1_000);
        for (int i = 0; i < 150; i++) {
            durations.observe("GET", "/route-" + i, 200, 1_000);
        }
        assertThat(exported())
                .contains(count("other", "/a", "200", "1.0"))
                .contains(count("GET", "/a", "999", "1.0"))
                .contains(count("GET", "other", "200", "51.0"));
    }

    @Test
    void recording_what_was_recorded_before_allocates_nothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        for (int i = 0; i < 1_000; i++) {
            durations.observe("POST", "/api/v1/jobs", 201, 1_000_000);
        }
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 10_000; i++) {
            durations.observe("POST", "/api/v1/jobs", 201, 1_000_000);
        }
        // What asking costs, which is less than a byte for each.
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(10_000);
    }
}
