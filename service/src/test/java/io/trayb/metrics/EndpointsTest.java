package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.core.Configuration;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.metric.Metric;
import io.trayb.monitoring.metric.Origin;
import io.trayb.monitoring.render.Artifacts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a process shows of itself, over real HTTP. */
@ExtendWith(DropwizardExtensionsSupport.class)
class EndpointsTest {
    private static final DropwizardAppExtension<Configuration> APP = new DropwizardAppExtension<>(
            TimedApplication.class,
            null,
            ConfigOverride.config("server.rootPath", "/api/*"),
            ConfigOverride.config("server.applicationConnectors[0].port", "0"),
            ConfigOverride.config("server.adminConnectors[0].port", "0"));
    private static final Artifacts ARTIFACTS = Artifacts.of(TraybCatalog.withDefaults());

    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<byte[]> call(int port, String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> admin(String path, String... headers) throws IOException, InterruptedException {
        return call(APP.getAdminPort(), "GET", path, headers);
    }

    private int api(String method, String path) throws IOException, InterruptedException {
        return call(APP.getLocalPort(), method, path).statusCode();
    }

    private List<String> metrics() throws IOException, InterruptedException {
        return text(admin("/metrics")).lines().toList();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private void awaitCounted(String method, String route, String status, int times) {
        String sample = "trayb_http_request_duration_seconds_count{method=\"" + method + "\",route=\"" + route
                + "\",status=\"" + status + "\",} " + times + ".0";
        // The answer reaches the client a moment before the request is over.
        await().untilAsserted(() -> assertThat(metrics()).contains(sample));
    }

    @Test
    void every_declared_metric_is_there_by_name_and_type() throws Exception {
        assertThat(api("GET", "/api/v1/jobs/first")).isEqualTo(200);
        List<String> lines = metrics();
        assertThat(TraybCatalog.withDefaults().ownMetrics())
                .allSatisfy(
                        (Metric metric) -> assertThat(lines).contains("# TYPE " + metric.name() + " " + metric.type()));
        assertThat(lines).contains("# TYPE trayb_bullmq_waiting_jobs gauge");
    }

    @Test
    void what_the_features_tell_is_what_is_exported() throws Exception {
        assertThat(metrics())
                .contains(
                        "trayb_jobs_failed_total{queue=\"mail\",type=\"send\",} 1.0",
                        "trayb_job_duration_seconds_bucket{queue=\"mail\",type=\"send\",le=\"1.0\",} 0.0",
                        "trayb_job_duration_seconds_bucket{queue=\"mail\",type=\"send\",le=\"5.0\",} 1.0",
                        "trayb_jobs_waiting{queue=\"mail\",} 3.0",
                        "trayb_bullmq_waiting_jobs 3.0",
                        "trayb_jobs_failed_stock{queue=\"mail\",} 4.0",
                        "trayb_jobs_oldest_waiting_seconds{queue=\"mail\",} 1.5",
                        "trayb_jobs_unknown_type{queue=\"mail\",type=\"unheard-of\",} 2.0",
                        "trayb_jobs_dead_rows 12.0",
                        "trayb_database_oldest_transaction_seconds 3.0",
                        "trayb_worker_slots_busy 1.0",
                        "trayb_worker_slots 4.0",
                        "trayb_worker_abandoned_handlers_total 1.0",
                        "trayb_sse_active_connections{kind=\"sse\",} 1.0",
                        "trayb_sse_active_connections{kind=\"poll\",} 0.0",
                        "trayb_sse_events_delivered_total 7.0",
                        "trayb_sse_events_dropped_total{reason=\"trimmed\",} 5.0",
                        "trayb_sse_events_dropped_total{reason=\"node-lost\",} 0.0",
                        "trayb_sse_disconnects_total{reason=\"client-gone\",} 1.0",
                        "trayb_events_publish_failures_total 2.0",
                        "trayb_dependency_up{dependency=\"postgres\",} 1.0",
                        "trayb_dependency_up{dependency=\"redis\",} 0.0",
                        "trayb_dependency_last_success_timestamp_seconds{dependency=\"postgres\",} 1.8E9",
                        "trayb_database_connections{state=\"idle\",} 5.0",
                        "trayb_cache_requests_total{cache=\"jobs\",result=\"hit\",} 1.0",
                        "trayb_cache_requests_total{cache=\"jobs\",result=\"miss\",} 0.0");
    }

    @Test
    void silence_counts_from_the_start_of_the_process_until_there_is_an_answer() throws Exception {
        double now = System.currentTimeMillis() / 1e3;
        assertThat(metrics())
                .filteredOn(
                        line -> line.startsWith("trayb_dependency_last_success_timestamp_seconds{dependency=\"redis\"")
                                || line.startsWith("trayb_worker_last_heartbeat_timestamp_seconds "))
                .hasSize(2)
                .allSatisfy(line -> assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .isBetween(now - 600, now));
    }

    @Test
    void the_metrics_of_the_jvm_that_panels_ask_for_are_there() throws Exception {
        List<String> lines = metrics();
        assertThat(TraybCatalog.withDefaults().metrics())
                .filteredOn(metric -> metric.origin() == Origin.JVM)
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(lines)
                        .anyMatch(
                                line -> line.startsWith(metric.name() + " ") || line.startsWith(metric.name() + "{")));
    }

    @Test
    void dropwizards_own_registry_is_there_under_the_prefix_and_the_jvm_only_once() throws Exception {
        assertThat(metrics())
                .anyMatch(line -> line.startsWith("trayb_dropwizard_org_eclipse_jetty"))
                .noneMatch(line -> line.startsWith("trayb_dropwizard_jvm"))
                .noneMatch(line -> line.matches("\\w+_created[ {].*"));
    }

    @Test
    void the_build_and_its_rules_are_named() throws Exception {
        assertThat(metrics())
                .contains(
                        "trayb_build_info{version=\"1.2.3\",} 1.0",
                        "trayb_monitoring_fingerprint_info{fingerprint=\"" + ARTIFACTS.fingerprint() + "\",} 1.0");
        assertThat(ARTIFACTS.rules()).contains("fingerprint: \"" + ARTIFACTS.fingerprint() + "\"");
    }

    @Test
    void open_metrics_is_spoken_to_who_asks_for_it() throws Exception {
        HttpResponse<byte[]> response =
                admin("/metrics", "Accept", "application/openmetrics-text;version=1.0.0,*/*;q=0.1");
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(text(response)).endsWith("# EOF\n").contains("# TYPE trayb_jobs_failed counter");
    }

    @Test
    void the_answer_is_compressed_for_who_can_read_it_and_only_once() throws Exception {
        HttpResponse<byte[]> response = admin("/metrics", "Accept-Encoding", "deflate, gzip");
        assertThat(response.headers().allValues("Content-Encoding")).containsExactly("gzip");
        String plain = new String(
                new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(plain).contains("# TYPE trayb_build_info gauge");
        assertThat(admin("/metrics", "Accept-Encoding", "gzip;q=0").headers().firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void the_process_shows_the_files_of_the_repository() throws Exception {
        Path root = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();
        assertThat(text(admin("/monitoring/rules.yml")))
                .isEqualTo(Files.readString(root.resolve("monitoring/prometheus/rules.yml")));
        assertThat(text(admin("/monitoring/thresholds.json")))
                .isEqualTo(Files.readString(root.resolve("monitoring/thresholds.json")));
        assertThat(text(admin("/monitoring/dashboards/trayb-jobs.json")))
                .isEqualTo(Files.readString(root.resolve("grafana/dashboards/trayb-jobs.json")));
        assertThat(admin("/monitoring/dashboards/none.json").statusCode()).isEqualTo(404);
        assertThat(admin("/monitoring").statusCode()).isEqualTo(404);
    }

    @Test
    void a_request_is_counted_under_its_routes_template() throws Exception {
        assertThat(api("GET", "/api/v1/jobs/abc")).isEqualTo(200);
        await().untilAsserted(() -> assertThat(metrics())
                .anyMatch(line -> line.startsWith("trayb_http_request_duration_seconds_bucket{method=\"GET\","
                        + "route=\"/api/v1/jobs/{id}\",status=\"200\",le=\"0.5\",}"))
                .noneMatch(line -> line.contains("abc")));
    }

    @Test
    void what_no_resource_takes_is_counted_without_a_route() throws Exception {
        assertThat(api("GET", "/api/v1/nothing/here")).isEqualTo(404);
        awaitCounted("GET", "unmatched", "404", 1);
        assertThat(api("DELETE", "/api/v1/jobs/abc")).isEqualTo(405);
        awaitCounted("DELETE", "unmatched", "405", 1);
        assertThat(api("BREW", "/api/v1/jobs/abc")).isEqualTo(405);
        awaitCounted("other", "unmatched", "405", 1);
    }

    @Test
    void an_asynchronous_answer_is_counted_when_it_is_complete_and_a_broken_one_as_500() throws Exception {
        assertThat(api("GET", "/api/v1/later")).isEqualTo(202);
        awaitCounted("GET", "/api/v1/later", "202", 1);
        assertThat(api("GET", "/api/v1/broken")).isEqualTo(500);
        awaitCounted("GET", "unmatched", "500", 1);
    }

    @Test
    void streams_and_waiting_leases_are_not_timed() throws Exception {
        assertThat(api("GET", "/api/v1/events")).isEqualTo(200);
        assertThat(api("GET", "/api/v1/queues/mail/leases")).isEqualTo(200);
        assertThat(api("PUT", "/api/v1/jobs/last")).isEqualTo(405);
        awaitCounted("PUT", "unmatched", "405", 1);
        assertThat(metrics()).noneMatch(line -> line.contains("/api/v1/events") || line.contains("leases"));
    }
}
