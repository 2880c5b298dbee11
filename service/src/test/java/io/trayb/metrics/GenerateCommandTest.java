package io.trayb.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.JarLocation;
import io.trayb.monitoring.setup.Alerting;
import io.trayb.monitoring.setup.Setup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Path repository =
            Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();

    @TempDir
    private Path folder;

    private Map<String, String> documents = Map.of();

    /** A configuration with thresholds in it. */
    public static class WithThresholds extends Configuration {
        @JsonProperty
        private Map<String, Double> thresholds = Map.of();
    }

    private Optional<Throwable> run(String... arguments) throws Exception {
        Bootstrap<WithThresholds> bootstrap = new Bootstrap<>(new Application<>() {
            @Override
            public void run(WithThresholds configuration, Environment environment) {
                throw new IllegalStateException("a generator starts no service");
            }
        });
        bootstrap.addCommand(new GenerateCommand<>(
                WithThresholds.class,
                (configuration, environment) -> environment == null
                        ? new Setup(configuration.thresholds, Alerting.NOBODY)
                        : new Setup(configuration.thresholds, Alerting.NOBODY)
                                .in(environment, new Setup(Map.of("waitingJobs", 50.0), Alerting.NOBODY)),
                () -> documents,
                new PrintStream(out, true, StandardCharsets.UTF_8)));
        Cli cli = new Cli(new JarLocation(getClass()), bootstrap, out, err);
        return cli.run(arguments);
    }

    private Path configuration(String yaml) throws IOException {
        return Files.writeString(folder.resolve("config.yml"), yaml);
    }

    @Test
    void the_committed_files_pass_the_check() throws Exception {
        Optional<Throwable> failure = run("generate", "--check", "--root", repository.toString());
        assertThat(failure).as(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("all generated files are up to date");
    }

    @Test
    void a_check_that_finds_a_difference_fails_and_says_which_without_a_stack_trace() throws Exception {
        assertThat(run("generate", "--check", "--root", folder.toString()))
                .containsInstanceOf(CatalogCommand.Differs.class);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("monitoring/prometheus/rules.yml is missing");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void the_thresholds_are_those_of_the_configuration() throws Exception {
        Path config = configuration("thresholds:\n  sseDropsPerMinute: 120\n");
        assertThat(run("generate", "--root", folder.toString(), config.toString()))
                .isEmpty();
        assertThat(folder.resolve("monitoring/prometheus/rules.yml"))
                .content()
                .contains("sum(increase(trayb_sse_events_dropped_total[1m])) > 120");
    }

    @Test
    void a_misspelt_threshold_is_refused_with_the_names_that_there_are() throws Exception {
        Path config = configuration("thresholds:\n  sseDropPerMinute: 120\n");
        assertThat(run("generate", "--root", folder.toString(), config.toString()))
                .hasValueSatisfying(refusal -> assertThat(refusal)
                        .hasMessageContaining("'sseDropPerMinute' is unknown")
                        .hasMessageContaining("sseDropsPerMinute"));
    }

    @Test
    void an_environment_has_its_own_thresholds_and_label_and_a_folder_of_its_own() throws Exception {
        assertThat(run("generate", "--env", "staging", "--root", folder.toString()))
                .isEmpty();
        Path staging = folder.resolve("environments/staging");
        assertThat(staging.resolve("monitoring/prometheus/rules.yml")).content().contains("trayb_jobs_waiting)) > 50");
        assertThat(staging.resolve("monitoring/prometheus/prometheus.yml"))
                .content()
                .contains("  external_labels:\n    environment: \"staging\"\n");
        assertThat(staging.resolve("docs")).doesNotExist();
        assertThat(folder.resolve("monitoring")).doesNotExist();
        assertThat(run("generate", "--check", "--env", "staging", "--root", folder.toString()))
                .isEmpty();
    }

    @Test
    void the_rules_can_be_had_for_kubernetes() throws Exception {
        assertThat(run("generate", "--format", "kubernetes", "--root", folder.toString()))
                .isEmpty();
        assertThat(folder.resolve("monitoring/kubernetes/prometheusrule.yml"))
                .content()
                .contains("kind: PrometheusRule\n")
                .contains("spec:\n  groups:\n    - name: trayb-api\n");
        assertThat(folder.resolve("grafana")).doesNotExist();
    }

    @Test
    void other_documents_are_generated_with_what_is_committed_and_no_part_of_a_deployment() throws Exception {
        documents = Map.of("docs/document.json", "{}\n");
        assertThat(run("generate", "--root", folder.toString())).isEmpty();
        assertThat(folder.resolve("docs/document.json")).hasContent("{}\n");
        documents = Map.of("docs/document.json", "[]\n");
        assertThat(run("generate", "--check", "--root", folder.toString())).isPresent();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("docs/document.json differs");
        assertThat(run("generate", "--env", "staging", "--root", folder.toString()))
                .isEmpty();
        assertThat(folder.resolve("environments/staging/docs")).doesNotExist();
    }
}
