package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MergedMetricsTest {
    @Test
    void every_series_has_the_name_of_its_process_and_every_family_is_in_one_piece() {
        MergedMetrics merged = new MergedMetrics();
        merged.add("jobs-1", """
                # HELP a First.
                # TYPE a counter
                a{reason="x y",} 1.0
                a{reason="{",} 2.0
                # HELP b Second.
                # TYPE b gauge
                b 3.0
                """);
        merged.add("api-2", """
                # HELP b Second.
                # TYPE b gauge
                b 4.0 1700000000000
                # HELP c_seconds Third.
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.5",} 5.0
                c_seconds_count 5.0
                """);
        merged.addSilent("api-3");

        assertThat(merged.text()).isEqualTo("""
                # HELP up Whether the process of the cluster answers.
                # TYPE up gauge
                up{process="jobs-1"} 1
                up{process="api-2"} 1
                up{process="api-3"} 0
                # HELP a First.
                # TYPE a counter
                a{process="jobs-1",reason="x y",} 1.0
                a{process="jobs-1",reason="{",} 2.0
                # HELP b Second.
                # TYPE b gauge
                b{process="jobs-1"} 3.0
                b{process="api-2"} 4.0 1700000000000
                # HELP c_seconds Third.
                # TYPE c_seconds histogram
                c_seconds_bucket{process="api-2",le="0.5",} 5.0
                c_seconds_count{process="api-2"} 5.0
                """);
    }
}
