package io.trayb.pgbouncer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many clients PgBouncer takes, and how many connections it may open for them.
 *
 * @param maxClients {@code max_client_conn}
 * @param servers at most to the Postgres that our database is in, over all databases there
 * @param databases those databases, by the names that clients use
 */
record PgBouncerLimits(int maxClients, int servers, List<String> databases) {
    PgBouncerLimits {
        databases = List.copyOf(databases);
    }

    /**
     * Asks for them. What PgBouncer has by its line {@code * =} counts by that line's sizes, each database as soon as somebody has asked
     * for it.
     *
     * @param database as we call ours
     * @return empty if it has none of that name
     */
    static Optional<PgBouncerLimits> read(Console console, String database) throws IOException {
        List<Row> all = console.ask("SHOW DATABASES");
        String ours = null;
        for (Row row : all) {
            if (row.text("name").equals(database)) {
                ours = place(row);
            }
        }
        if (ours == null) {
            return Optional.empty();
        }
        int servers = 0;
        List<String> databases = new ArrayList<>();
        for (Row row : all) {
            if (!row.text("name").equals(PoolWatch.CONSOLE) && place(row).equals(ours)) {
                databases.add(row.text("name"));
                servers += servers(row);
            }
        }
        return Optional.of(new PgBouncerLimits(maxClients(console), servers, databases));
    }

    /** Of one user's pool: PgBouncer has one for each user, and Trayb has one user. */
    private static int servers(Row row) throws IOException {
        // Called so from 1.24 on.
        String reserve = row.has("reserve_pool_size") ? "reserve_pool_size" : "reserve_pool";
        int pool = (int) (row.number("pool_size") + row.number(reserve));
        int most = (int) row.number("max_connections");
        return most == 0 ? pool : Math.min(pool, most);
    }

    private static String place(Row row) throws IOException {
        return (row.has("host") ? row.text("host") : "") + ":" + row.text("port");
    }

    private static int maxClients(Console console) throws IOException {
        for (Row row : console.ask("SHOW CONFIG")) {
            if (row.text("key").equals("max_client_conn")) {
                return (int) row.number("value");
            }
        }
        throw new IOException("the answer to SHOW CONFIG has no max_client_conn");
    }
}
