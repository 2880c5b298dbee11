package io.trayb.safety;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.testing.ServiceClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is in the job tables. */
final class FinalJobs {
    private static final String ALL = """
            SELECT id, queue, type, state, attempt, max_attempts, timeout_ms, payload, unique_key, error_message,
                   created_at, started_at, NULL AS result, NULL::timestamptz AS finished_at
              FROM trayb_jobs
            UNION ALL
            SELECT id, queue, type, state, attempt, max_attempts, timeout_ms, payload, unique_key, error_message,
                   created_at, started_at, result::text, finished_at
              FROM trayb_finished_jobs
            """;

    private FinalJobs() {}

    static List<FinalJob> read(Connection connection) throws SQLException {
        List<FinalJob> jobs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALL)) {
            while (row.next()) {
                jobs.add(job(row));
            }
        }
        return jobs;
    }

    static long unfinished(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM trayb_jobs")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static FinalJob job(ResultSet row) throws SQLException {
        String resultText = row.getString("result");
        JsonNode result = ServiceClient.parse(resultText == null ? "{}" : resultText);
        JsonNode payload = ServiceClient.parse(row.getString("payload"));
        return new FinalJob(
                row.getString("id"),
                row.getString("queue"),
                row.getString("type"),
                row.getString("state"),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                row.getLong("timeout_ms"),
                payload.path("tag").asText(null),
                row.getString("unique_key"),
                result.path("start").asText(null),
                result.path("attempt").asInt(),
                row.getString("error_message"),
                micros(row.getTimestamp("created_at")),
                nullableMicros(row.getTimestamp("started_at")),
                nullableMicros(row.getTimestamp("finished_at")));
    }

    private static long micros(Timestamp timestamp) {
        return Micros.of(timestamp.toInstant());
    }

    private static @Nullable Long nullableMicros(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : micros(timestamp);
    }
}
