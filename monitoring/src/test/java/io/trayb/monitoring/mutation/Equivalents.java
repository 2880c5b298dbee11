package io.trayb.monitoring.mutation;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Mutants that no proof can tell from the rule, by name, each with the reason. */
final class Equivalents {
    private static final List<String> ANY_JOB = List.of(
            "TraybWorkerHeartbeatMissing: 'by (queue)' into 'by ()' after 'eat_timestamp_seconds) > 60 and sum(max'",
            "TraybWorkerHeartbeatMissing: 'sum' into 'max' after 't_heartbeat_timestamp_seconds) > 60 and'",
            "TraybWorkerHeartbeatMissing: 'max' into 'sum' after 'artbeat_timestamp_seconds) > 60 and sum('");

    private static final List<String> KEPT_OUT = List.of(
            "trayb:api_requests_failed:ratio_rate5m: '0' into '-1' after 'd:rate5m / (trayb:api_requests:rate5m >'",
            "trayb:api_requests_failed:ratio_rate30m: '0' into '-1' after '_time(trayb:api_requests:rate5m[30m]) >'",
            "trayb:api_requests_failed:ratio_rate1h: '0' into '-1' after 'r_time(trayb:api_requests:rate5m[1h]) >'",
            "trayb:api_requests_failed:ratio_rate2h: '0' into '-1' after 'r_time(trayb:api_requests:rate5m[2h]) >'",
            "trayb:api_requests_failed:ratio_rate6h: '0' into '-1' after 'r_time(trayb:api_requests:rate5m[6h]) >'",
            "trayb:api_requests_failed:ratio_rate1d: '0' into '-1' after 'r_time(trayb:api_requests:rate5m[1d]) >'",
            "trayb:api_requests_failed:ratio_rate3d: '0' into '-1' after 'r_time(trayb:api_requests:rate5m[3d]) >'",
            "trayb:api_requests_slow:ratio_rate5m: '0' into '-1' after 'm / (trayb:api_requests_served:rate5m >'",
            "trayb:api_requests_slow:ratio_rate30m: '0' into '-1' after 'rayb:api_requests_served:rate5m[30m]) >'",
            "trayb:api_requests_slow:ratio_rate1h: '0' into '-1' after 'trayb:api_requests_served:rate5m[1h]) >'",
            "trayb:api_requests_slow:ratio_rate2h: '0' into '-1' after 'trayb:api_requests_served:rate5m[2h]) >'",
            "trayb:api_requests_slow:ratio_rate6h: '0' into '-1' after 'trayb:api_requests_served:rate5m[6h]) >'",
            "trayb:api_requests_slow:ratio_rate1d: '0' into '-1' after 'trayb:api_requests_served:rate5m[1d]) >'",
            "trayb:api_requests_slow:ratio_rate3d: '0' into '-1' after 'trayb:api_requests_served:rate5m[3d]) >'");

    static final Map<String, String> REASONS = reasons();

    private Equivalents() {}

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        ANY_JOB.forEach(
                name -> reasons.put(name, "the rule asks only whether any job waits, however they are added up"));
        KEPT_OUT.forEach(name -> reasons.put(
                name,
                "without traffic NaN is recorded instead of nothing: it shows in the panel, and no alert is above it"));
        return Collections.unmodifiableMap(reasons);
    }
}
