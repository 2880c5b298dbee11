package io.trayb.monitoring.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.monitoring.Repository;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class DashboardFilesTest {
    private static final Artifacts ARTIFACTS = Artifacts.of(TraybCatalog.withDefaults());

    @Test
    void there_are_six_and_they_carry_the_fingerprint_of_the_rules() throws IOException {
        assertThat(ARTIFACTS.dashboards().keySet())
                .containsExactly(
                        "trayb-api",
                        "trayb-dependencies",
                        "trayb-events",
                        "trayb-jobs",
                        "trayb-overview",
                        "trayb-runtime");
        for (String json : ARTIFACTS.dashboards().values()) {
            JsonNode dashboard = new ObjectMapper().readTree(json);
            assertThat(dashboard.get("tags")).extracting(JsonNode::asText).contains("rules:" + ARTIFACTS.fingerprint());
            assertThat(dashboard.get("editable").asBoolean()).isFalse();
        }
    }

    @Test
    void every_panel_has_a_unit_a_description_and_queries_and_covers_no_other() throws IOException {
        for (String json : ARTIFACTS.dashboards().values()) {
            Set<List<Integer>> cells = new HashSet<>();
            for (JsonNode panel : new ObjectMapper().readTree(json).get("panels")) {
                assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotEmpty();
                assertThat(panel.get("description").asText()).isNotEmpty();
                assertThat(panel.get("targets")).isNotEmpty();
                JsonNode position = panel.get("gridPos");
                assertThat(position.get("x").asInt() + position.get("w").asInt())
                        .isLessThanOrEqualTo(24);
                for (int x = 0; x < position.get("w").asInt(); x++) {
                    for (int y = 0; y < position.get("h").asInt(); y++) {
                        assertThat(cells.add(List.of(
                                        position.get("x").asInt() + x,
                                        position.get("y").asInt() + y)))
                                .as(panel.get("title").asText())
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void the_line_in_a_panel_is_the_alerts_threshold() throws IOException {
        JsonNode panels = new ObjectMapper()
                .readTree(ARTIFACTS.dashboards().get("trayb-events"))
                .get("panels");
        assertThat(panels)
                .filteredOn(panel -> panel.get("title").asText().equals("Dropped events"))
                .singleElement()
                .satisfies(panel -> assertThat(panel.at("/fieldConfig/defaults/thresholds/steps/1/value")
                                .asDouble())
                        .isEqualTo(100));
    }

    @Test
    void the_guide_shows_a_picture_of_each_that_is_wide_and_small_enough() throws IOException {
        Path docs = Repository.root().resolve("docs");
        String page = Files.readString(docs.resolve("dashboards.md"));
        for (String uid : ARTIFACTS.dashboards().keySet()) {
            String picture = "images/dashboards/" + uid + ".png";
            assertThat(page).contains("](" + picture + ")");
            assertThat(ImageIO.read(docs.resolve(picture).toFile()).getWidth()).isEqualTo(1400);
            assertThat(Files.size(docs.resolve(picture))).isLessThan(300_000);
        }
    }
}
