package io.trayb.monitoring.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Repository;
import io.trayb.monitoring.Tool;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Grafana's own types, as it publishes them for TypeScript, say what a dashboard is; {@code grafana/schema-check/dashboard.ts} says
 * where they are too narrow or too wide. Each dashboard is written as a module that assigns its JSON to the type, and so is each of
 * some broken ones; the compiler sees them all at once.
 */
class DashboardSchemaTest {
    private static final Path SOURCES = Repository.root().resolve("grafana/schema-check");
    private static final SortedMap<String, String> DASHBOARDS =
            Artifacts.of(TraybCatalog.withDefaults()).dashboards();

    /** What is replaced in the dashboard of events, and by what; each alone is something that Grafana wouldn't understand. */
    private static final Map<String, List<String>> BROKEN = broken();

    private static Tool.Outcome outcome;

    private static Map<String, List<String>> broken() {
        Map<String, List<String>> broken = new LinkedHashMap<>();
        broken.put("unknown-panel", List.of("\"type\" : \"timeseries\"", "\"type\" : \"graph\""));
        broken.put("unit-that-is-no-text", List.of("\"unit\" : \"short\"", "\"unit\" : 1"));
        broken.put("unknown-style", List.of("\"mode\" : \"line\"", "\"mode\" : \"lines\""));
        broken.put("unknown-kind-of-threshold", List.of("\"mode\" : \"absolute\"", "\"mode\" : \"relative\""));
        broken.put("misspelt-query", List.of("\"legendFormat\"", "\"legend\""));
        broken.put("place-as-text", List.of("\"w\" : 12", "\"w\" : \"12\""));
        broken.put("unknown-refresh", List.of("\"refresh\" : 2", "\"refresh\" : 7"));
        broken.put("misspelt-key", List.of("\"schemaVersion\"", "\"schemaVersions\""));
        broken.put("no-uid", List.of("\"uid\" : \"trayb-events\",", ""));
        broken.put("other-source", List.of("\"type\" : \"prometheus\"", "\"type\" : \"influxdb\""));
        return broken;
    }

    @BeforeAll
    static void compile_them_all() throws IOException {
        Path home = installed();
        Path folder = home.resolve("dashboards");
        Files.createDirectories(folder);
        for (String source : List.of("dashboard.ts", "tsconfig.json")) {
            Files.writeString(folder.resolve(source), Files.readString(SOURCES.resolve(source)));
        }
        for (Map.Entry<String, String> dashboard : DASHBOARDS.entrySet()) {
            write(folder, dashboard.getKey(), dashboard.getValue());
        }
        String events = DASHBOARDS.get("trayb-events");
        for (Map.Entry<String, List<String>> change : BROKEN.entrySet()) {
            assertThat(events).contains(change.getValue().get(0));
            write(
                    folder,
                    change.getKey(),
                    events.replace(change.getValue().get(0), change.getValue().get(1)));
        }
        outcome = Tool.NODE.run(folder, "../node_modules/typescript/bin/tsc", "-p", ".");
    }

    /** What package-lock.json names, below {@code target} in a folder of the lock's own: fetched once. */
    private static Path installed() throws IOException {
        byte[] lock = Files.readAllBytes(SOURCES.resolve("package-lock.json"));
        Path home = Repository.root().resolve("monitoring/target/schema-check/" + hash(lock));
        Path complete = home.resolve("node_modules/complete");
        if (!Files.exists(complete)) {
            Files.createDirectories(home);
            Files.write(home.resolve("package-lock.json"), lock);
            Files.writeString(home.resolve("package.json"), Files.readString(SOURCES.resolve("package.json")));
            Tool.Outcome npm =
                    Tool.NPM.run(home, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
            assertThat(npm.exitCode()).as(npm.output()).isZero();
            Files.createFile(complete);
        }
        return home;
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    private static void write(Path folder, String name, String json) throws IOException {
        Files.writeString(
                folder.resolve(name + ".ts"),
                "import type { TraybDashboard } from './dashboard.js';\nexport const dashboard: TraybDashboard = "
                        + json);
    }

    @Test
    void every_dashboard_is_what_grafanas_types_say_that_one_is() {
        assertThat(DASHBOARDS).hasSize(6);
        assertThat(outcome.output().lines())
                .noneMatch(line ->
                        line.startsWith("dashboard.ts") || line.startsWith("trayb-") || line.startsWith("error"));
    }

    @Test
    void a_dashboard_that_grafana_would_not_understand_is_refused() {
        assertThat(outcome.exitCode()).as(outcome.output()).isNotZero();
        assertThat(BROKEN.keySet())
                .allSatisfy(name -> assertThat(outcome.output()).contains(name + ".ts("));
    }
}
