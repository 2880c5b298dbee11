package io.trayb;

import io.trayb.http.Timestamps;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys as a table for people. */
final class KeyTable {
    private static final List<String> HEAD =
            List.of("NAME", "STATE", "SCOPES", "QUEUES", "RATE", "CREATED", "BY", "EXPIRES", "LAST USED");

    private KeyTable() {}

    /** A line for each key after one that names the columns; a sentence if there are none. */
    static List<String> lines(List<ApiKey> keys, Instant now) {
        if (keys.isEmpty()) {
            return List.of("There are no keys: the service answers programs on its own machine, without one.");
        }
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        keys.forEach(key -> rows.add(row(key, now)));
        int[] widths = new int[HEAD.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    /** A time, or the word for there being none. */
    static String time(@Nullable Instant time, String none) {
        return time == null ? none : Timestamps.format(time);
    }

    private static List<String> row(ApiKey key, Instant now) {
        String state = key.isLive(now) ? "live" : key.revokedAt() == null ? "expired" : "revoked";
        return List.of(
                key.name(),
                state,
                String.join(",", Scope.wireNames(key.scopes())),
                key.queues().text(),
                key.rate() == null ? "-" : key.rate().toString(),
                time(key.createdAt(), "-"),
                key.createdBy(),
                time(key.expiresAt(), "never"),
                time(key.lastUsedAt(), "never"));
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i));
            line.append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
