package io.trayb.monitoring.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.Repository;
import io.trayb.monitoring.alert.Alert;
import io.trayb.monitoring.catalog.TraybCatalog;
import io.trayb.monitoring.dashboard.Dashboard;
import io.trayb.monitoring.dashboard.Panel;
import io.trayb.monitoring.metric.Counter;
import io.trayb.monitoring.metric.Gauge;
import io.trayb.monitoring.metric.Unit;
import io.trayb.monitoring.promql.Matcher;
import io.trayb.monitoring.promql.PromQl;
import io.trayb.monitoring.promql.Window;
import io.trayb.monitoring.threshold.Threshold;
import io.trayb.monitoring.threshold.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every check bites, and lets pass what is right. */
class LintTest {
    private static final Alert GOOD = Catalogs.alert().build();

    private static List<String> findings(Catalog catalog) {
        return Lint.examine(catalog).stream().map(Finding::toString).toList();
    }

    @Test
    void nothing_is_found_where_nothing_is_wrong() {
        assertThat(findings(Catalogs.of(GOOD))).isEmpty();
        assertThat(findings(TraybCatalog.withDefaults())).isEmpty();
    }

    @Test
    void every_check_is_documented_under_its_name() throws IOException {
        String page = Files.readString(Repository.root().resolve("docs/how-it-is-monitored.md"));
        assertThat(Lint.names())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("| `" + name + "` |"));
    }

    @Test
    void all_findings_are_told_at_once_with_their_paths() {
        Catalog wrong = Catalogs.of(
                List.of(),
                List.of(),
                List.of(Catalogs.alert().describes("{{nobody}}").build()),
                List.of());
        assertThatThrownBy(() -> Lint.require(wrong))
                .hasMessageContaining(
                        "alerts/TraybOpen/condition: nothing in the catalogue exports or records trayb_open")
                .hasMessageContaining("alerts/TraybOpen/description")
                .hasMessageContaining("[used-thresholds]")
                .hasMessageContaining("[known-dashboards]");
    }

    @Test
    void unique_names_finds_an_alert_that_is_there_twice() {
        assertThat(findings(Catalogs.of(GOOD, GOOD)))
                .contains("alerts/TraybOpen: the name is taken twice [unique-names]");
    }

    @Test
    void unique_names_finds_a_gauge_that_has_a_counters_family_name_in_open_metrics() {
        Gauge gauge = Gauge.ownShare("trayb_lost", Unit.COUNT, "Lost.");
        Counter counter = Counter.of("trayb_lost_total", "Lost.");
        Catalog wrong = Catalogs.of(
                List.of(Catalogs.OPEN, gauge, counter),
                List.of(Catalogs.LIMIT),
                List.of(GOOD),
                List.of(Catalogs.DASHBOARD));
        assertThat(findings(wrong)).containsExactly("metrics/trayb_lost: the name is taken twice [unique-names]");
    }

    @Test
    void declared_series_finds_a_label_that_the_metric_lacks() {
        Alert wrong = Catalogs.alert()
                .whenAbove(PromQl.total(Catalogs.OPEN, Matcher.is("kind", "sse")), Catalogs.LIMIT)
                .build();
        assertThat(findings(Catalogs.of(wrong)))
                .containsExactly(
                        "alerts/TraybOpen/condition: trayb_open has no label 'kind'; it has [] [declared-series]");
    }

    @Test
    void declared_series_finds_a_rule_that_nobody_records() {
        Alert wrong = Catalogs.alert()
                .whenAbove(PromQl.recorded("trayb:open:sum"), Catalogs.LIMIT)
                .build();
        assertThat(findings(Catalogs.of(wrong)))
                .containsExactly(
                        "alerts/TraybOpen/condition: nothing in the catalogue exports or records trayb:open:sum"
                                + " [declared-series]");
    }

    @Test
    void used_thresholds_finds_one_that_can_be_set_and_does_nothing() {
        Threshold idle = Threshold.of("idle", 1, Unit.COUNT, Timing.immediate(), "A reason.", "A source");
        Catalog wrong = Catalogs.of(
                List.of(Catalogs.OPEN), List.of(Catalogs.LIMIT, idle), List.of(GOOD), List.of(Catalogs.DASHBOARD));
        assertThat(findings(wrong)).containsExactly("thresholds/idle: no rule compares with it [used-thresholds]");
        Catalog right = Catalogs.of(
                List.of(Catalogs.OPEN),
                List.of(Catalogs.LIMIT, idle.actedOnByTheService()),
                List.of(GOOD),
                List.of(Catalogs.DASHBOARD));
        assertThat(findings(right)).isEmpty();
    }

    @Test
    void rendered_descriptions_finds_a_name_that_nothing_fills_in() {
        assertThat(findings(Catalogs.of(Catalogs.alert().describes("{{valeu}}").build())))
                .singleElement()
                .asString()
                .startsWith("alerts/TraybOpen/description")
                .contains("valeu")
                .endsWith("[rendered-descriptions]");
    }

    @Test
    void sufficient_windows_finds_one_that_is_shorter_than_four_scrapes() {
        Counter counter = Counter.of("trayb_lost_total", "Lost.");
        Alert wrong = Catalogs.alert()
                .whenAbove(PromQl.perSecond(counter, Window.of(Duration.ofSeconds(45))), Catalogs.LIMIT)
                .build();
        Catalog catalog = Catalogs.of(
                List.of(Catalogs.OPEN, counter), List.of(Catalogs.LIMIT), List.of(wrong), List.of(Catalogs.DASHBOARD));
        assertThat(findings(catalog))
                .singleElement()
                .asString()
                .contains("[45s]")
                .endsWith("[sufficient-windows]");
    }

    @Test
    void sufficient_windows_finds_an_absence_that_one_missed_scrape_makes() {
        Alert wrong = Catalogs.alert()
                .when(PromQl.absent(PromQl.gauge(Catalogs.OPEN)).above(Catalogs.LIMIT), Catalogs.LIMIT)
                .build();
        assertThat(findings(Catalogs.of(wrong)))
                .singleElement()
                .asString()
                .contains("it fires on absence")
                .endsWith("[sufficient-windows]");
    }

    @Test
    void complete_proofs_finds_one_that_never_fires_never_keeps_quiet_or_promises_twice() {
        Alert never = Catalogs.alert()
                .proof(thresholds -> List.of(Catalogs.quiet("a"), Catalogs.quiet("a")))
                .build();
        Alert always = Catalogs.alert()
                .proof(thresholds -> List.of(Catalogs.fires("a")))
                .build();
        assertThat(findings(Catalogs.of(never)))
                .containsExactly(
                        "alerts/TraybOpen/proof: no case shows that it fires [complete-proofs]",
                        "alerts/TraybOpen/proof: two cases promise the same: a [complete-proofs]");
        assertThat(findings(Catalogs.of(always)))
                .containsExactly("alerts/TraybOpen/proof: no case shows that it stays quiet [complete-proofs]");
    }

    @Test
    void panels_with_queries_finds_one_that_asks_for_nothing_or_draws_a_line_of_its_own() {
        Threshold other = Threshold.of("other", 1, Unit.COUNT, Timing.immediate(), "A reason.", "A source");
        Dashboard wrong = new Dashboard(
                "trayb-jobs",
                "Jobs",
                "Jobs.",
                List.of(Panel.now("Empty", Unit.COUNT, "Empty.").withLine(other)));
        Catalog catalog = Catalogs.of(List.of(Catalogs.OPEN), List.of(Catalogs.LIMIT), List.of(GOOD), List.of(wrong));
        assertThat(findings(catalog))
                .containsExactly(
                        "dashboards/trayb-jobs/Empty: its line 'other' isn't among the catalogue's thresholds"
                                + " [panels-with-queries]",
                        "dashboards/trayb-jobs/Empty: the panel asks for nothing [panels-with-queries]");
    }

    @Test
    void known_dashboards_finds_an_alert_whose_readers_would_be_sent_nowhere() {
        Catalog catalog = Catalogs.of(List.of(Catalogs.OPEN), List.of(Catalogs.LIMIT), List.of(GOOD), List.of());
        assertThat(findings(catalog))
                .singleElement()
                .asString()
                .contains("'trayb-jobs'")
                .endsWith("[known-dashboards]");
    }

    @Test
    void kept_labels_finds_a_label_that_the_aggregation_loses() {
        Alert wrong = Catalogs.alert()
                .describes("{{labels.instance}} has {{value}} open.")
                .build();
        assertThat(findings(Catalogs.of(wrong)))
                .containsExactly("alerts/TraybOpen/description: the condition loses the label 'instance'; it keeps []"
                        + " [kept-labels]");
        Alert aimless =
                Catalogs.alert().describes("{{target}} has {{value}} open.").build();
        assertThat(findings(Catalogs.of(aimless)))
                .containsExactly("alerts/TraybOpen/description: the condition loses the label 'instance'; it keeps []"
                        + " [kept-labels]");
        Alert right = Catalogs.alert()
                .whenAbove(PromQl.gauge(Catalogs.OPEN), Catalogs.LIMIT)
                .describes("{{labels.instance}} has {{value}} open.")
                .build();
        assertThat(findings(Catalogs.of(right))).isEmpty();
    }

    @Test
    void matching_labels_finds_sides_that_never_match() {
        Alert wrong = Catalogs.alert()
                .when(
                        PromQl.gauge(Catalogs.OPEN)
                                .above(Catalogs.LIMIT)
                                .and(PromQl.total(Catalogs.OPEN).above(0)),
                        Catalogs.LIMIT)
                .build();
        assertThat(findings(Catalogs.of(wrong)))
                .containsExactly(
                        "alerts/TraybOpen/condition: it matches samples with the labels [instance, job] to samples"
                                + " with [] [matching-labels]");
        Alert onWhatOneSideLacks = Catalogs.alert()
                .when(
                        PromQl.gauge(Catalogs.OPEN)
                                .above(Catalogs.LIMIT)
                                .and(PromQl.total(Catalogs.OPEN).above(0), "instance"),
                        Catalogs.LIMIT)
                .build();
        assertThat(findings(Catalogs.of(onWhatOneSideLacks)))
                .containsExactly(
                        "alerts/TraybOpen/condition: it matches on [instance], but the sides have [instance, job]"
                                + " and [] [matching-labels]");
    }

    @Test
    void possible_comparisons_finds_a_share_above_the_whole() {
        assertThatThrownBy(() -> Lint.require(TraybCatalog.with(Map.of("apiErrorBudget", 0.1))))
                .hasMessageContaining("alerts/TraybApiErrorBudgetBurnsFast/condition: no share is above 1.44")
                .hasMessageContaining("[possible-comparisons]");
    }
}
