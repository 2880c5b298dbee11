package io.trayb.monitoring.mutation;

import java.util.Map;

/** Mutants that no proof can tell from the rule, by name, each with the reason. */
final class Equivalents {
    private static final String ANY_JOB = "the rule asks only whether any job waits, however they are added up";

    static final Map<String, String> REASONS = Map.of(
            "TraybWorkerHeartbeatMissing: 'by (queue)' into 'by ()' after 'eat_timestamp_seconds) > 60 and sum(max'",
            ANY_JOB,
            "TraybWorkerHeartbeatMissing: 'sum' into 'max' after 't_heartbeat_timestamp_seconds) > 60 and'",
            ANY_JOB,
            "TraybWorkerHeartbeatMissing: 'max' into 'sum' after 'artbeat_timestamp_seconds) > 60 and sum('",
            ANY_JOB);

    private Equivalents() {}
}
