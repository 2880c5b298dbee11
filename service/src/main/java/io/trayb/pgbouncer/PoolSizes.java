package io.trayb.pgbouncer;

import io.trayb.database.PostgresLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * The one formula for the sizes of pools, which docs/scaling.md explains. Immutable.
 *
 * <pre>{@code
 *   processes × (database.pool.maxSize + 2)                   ≤ max_client_conn                  where there is PgBouncer
 *   Σ over its databases (pool_size + reserve_pool_size) + 1  ≤ max_connections − reserved
 *
 *   processes × (database.pool.maxSize + 1) + 1               ≤ max_connections − reserved       where there isn't
 * }</pre>
 *
 * The last one is a migration's, which goes past PgBouncer.
 *
 * @param maxSize {@code database.pool.maxSize}
 * @param processes how many of the service there are, this one included; taken to be set up alike
 */
record PoolSizes(int maxSize, int processes) {
    /** Beside the pool: the health probe's connection. */
    static final int PROBE = 1;
    /** Beside the pool where there is PgBouncer: the health probe's connection, and that to the console. */
    static final int PROBE_AND_CONSOLE = 2;
    /** To Postgres, beside all else: a migration's. */
    static final int MIGRATION = 1;

    /** What PgBouncer may be asked for, and what it may ask of Postgres. */
    List<String> misfits(PgBouncerLimits pgbouncer, PostgresLimits postgres) {
        List<String> misfits = new ArrayList<>();
        int wanted = processes * (maxSize + PROBE_AND_CONSOLE);
        if (wanted > pgbouncer.maxClients()) {
            misfits.add(tooMany(
                    wanted,
                    fitting(pgbouncer.maxClients(), PROBE_AND_CONSOLE),
                    "the health probe's and the console's",
                    "PgBouncer's max_client_conn is " + pgbouncer.maxClients(),
                    "max_client_conn"));
        }
        int room = postgres.lent() - MIGRATION;
        if (pgbouncer.servers() > room) {
            misfits.add("PgBouncer's pool sizes and reserve_pool_size let it open " + pgbouncer.servers()
                    + " connections over its databases " + pgbouncer.databases() + ", but " + lentBy(postgres)
                    + ", and one is for migrations: lower them to " + room + " in all, or raise max_connections");
        }
        return misfits;
    }

    /** What Postgres itself may be asked for. */
    List<String> misfits(PostgresLimits postgres) {
        int wanted = processes * (maxSize + PROBE) + MIGRATION;
        return wanted <= postgres.lent()
                ? List.of()
                : List.of(tooMany(
                        wanted,
                        fitting(postgres.lent() - MIGRATION, PROBE),
                        "the health probe's and one for migrations",
                        lentBy(postgres),
                        "max_connections, or put PgBouncer in between"));
    }

    private int fitting(int allowed, int beside) {
        return allowed / processes - beside;
    }

    private String tooMany(int wanted, int fits, String besideWhat, String limit, String orRaise) {
        return "database.pool.maxSize is " + maxSize + ", which over " + processes
                + (processes == 1 ? " process" : " processes") + ", with " + besideWhat + ", makes " + wanted
                + " connections, but " + limit + ": "
                + (fits < 1 ? "" : "lower it to " + fits + ", or ")
                + "raise " + orRaise;
    }

    private static String lentBy(PostgresLimits postgres) {
        return "Postgres lends " + postgres.lent() + " (max_connections " + postgres.maxConnections() + ", of which "
                + postgres.reserved() + " are reserved)";
    }
}
