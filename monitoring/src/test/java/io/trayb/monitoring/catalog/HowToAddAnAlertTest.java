package io.trayb.monitoring.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.Feature;
import io.trayb.monitoring.Repository;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.PromQl;
import io.trayb.monitoring.render.Artifacts;
import io.trayb.monitoring.render.ProofRun;
import io.trayb.monitoring.setup.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in docs/how-to-add-an-alert.md is this class' neighbour, which compiles; and it does what the page says. */
class HowToAddAnAlertTest {
    private static final Catalog CATALOG =
            TraybCatalog.in(Setup.DEFAULT, List.of(HeapPressure.FEATURE, ParkedJobs.FEATURE));

    @TempDir
    private Path folder;

    @Test
    void the_page_shows_the_example_word_for_word() throws IOException {
        String source = Files.readString(
                Repository.root().resolve("monitoring/src/test/java/io/trayb/monitoring/catalog/ParkedJobs.java"));
        assertThat(Files.readString(Repository.root().resolve("docs/how-to-add-an-alert.md")))
                .contains("```java\n" + source + "```\n");
    }

    @Test
    void one_file_makes_the_rule_its_proof_the_route_the_panel_with_its_line_and_the_documents() {
        Artifacts artifacts = Artifacts.of(CATALOG);
        assertThat(artifacts.rules())
                .contains("- alert: TraybJobsParked\n", "max(trayb_jobs_parked) > 20\n", "for: 5m");
        assertThat(artifacts.files().get("monitoring/prometheus/rules.test.yml"))
                .contains("TraybJobsParked fires just above the threshold");
        assertThat(artifacts.files().get("alertmanager/routes.test.yml"))
                .contains(
                        "alertname: TraybJobsParked\n    severity: warning\n    owner: backend\n    receiver: backend-ticket");
        assertThat(artifacts.dashboards().get("trayb-jobs")).contains("\"Parked jobs\"", "\"value\" : 20.0");
        assertThat(artifacts.files().get("docs/metrics.md")).contains("`trayb_jobs_parked`");
        assertThat(artifacts.files().get("docs/alerts.md"))
                .contains("TraybJobsParked", "`parkedJobs` | 20, lasting 5m");
        assertThat(artifacts.runbookFacts()).containsKey("docs/runbooks/TraybJobsParked.md");
    }

    @Test
    void the_generated_proof_of_the_example_holds() {
        Artifacts artifacts = Artifacts.of(CATALOG);
        ProofRun run = new ProofRun(folder);
        run.addAll(artifacts.rules(), artifacts, "TraybJobsParked"::equals);
        assertThat(run.failures()).isEmpty();
    }

    @Test
    void a_panel_for_a_dashboard_that_there_is_not_is_refused() {
        Feature lost = Feature.feature()
                .panel("trayb-lost", Panel.overTime("Lost", Unit.COUNT, "Lost.").with("lost", PromQl.constant(1)));
        assertThatThrownBy(() -> TraybCatalog.in(Setup.DEFAULT, List.of(lost)))
                .hasMessageContaining("for the dashboard 'trayb-lost', but there are ");
    }
}
