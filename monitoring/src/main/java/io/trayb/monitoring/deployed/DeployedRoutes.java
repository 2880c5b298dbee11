package io.trayb.monitoring.deployed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the configuration that an Alertmanager has loaded with that of a build: routes, inhibitions, hours and receivers.
 * Alertmanager tells its own defaults beside what it was given; those are passed over. Thread-safe.
 */
public final class DeployedRoutes {
    private static final List<String> PARTS = List.of("route", "inhibit_rules", "time_intervals", "receivers");

    private final Web web = new Web();
    private final YAMLMapper yaml = new YAMLMapper();
    private final JsonNode expected;

    /**
     * The configuration of a build.
     *
     * @param configuration the text of {@code alertmanager.yml}
     */
    public DeployedRoutes(String configuration) {
        this.expected = parse(configuration, "the generated configuration of Alertmanager");
    }

    /**
     * Every difference, place by place; empty when there is none.
     *
     * @param alertmanager its address
     * @throws UnreachableException when Alertmanager can't be asked
     */
    public List<Deviation> compare(URI alertmanager) throws InterruptedException {
        JsonNode original = web.json(Web.below(alertmanager, "/api/v2/status"))
                .path("config")
                .path("original");
        if (!original.isTextual()) {
            throw new UnreachableException(alertmanager + " answers without a configuration: is it an Alertmanager?");
        }
        JsonNode deployed = parse(original.asText(), "the configuration that " + alertmanager + " tells");
        withoutDefaults(deployed.path("route"));
        List<Deviation> deviations = new ArrayList<>();
        for (String part : PARTS) {
            Trees.compare(
                    "alertmanager",
                    "/" + part,
                    expected.path(part),
                    deployed.path(part),
                    DeployedRoutes::isIntegration,
                    deviations);
        }
        return List.copyOf(deviations);
    }

    /** What is below a receiver's integration: Alertmanager fills it up with its defaults. */
    private static boolean isIntegration(String path) {
        return path.matches("/receivers/\\d+/[a-z]+_configs/.*");
    }

    private static void withoutDefaults(JsonNode route) {
        if (route instanceof ObjectNode object
                && object.path("continue").isBoolean()
                && !object.path("continue").asBoolean()) {
            object.remove("continue");
        }
        route.path("routes").forEach(DeployedRoutes::withoutDefaults);
    }

    private JsonNode parse(String text, String what) {
        try {
            return yaml.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(what + " must be YAML", e);
        }
    }
}
