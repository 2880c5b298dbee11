package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What is left in the sessions behind a pooler, and would reach whoever gets them next. */
final class SessionTraces {
    /**
     * Settings are left out that PgBouncer keeps for each client and sets back by itself, and those that its own connect_query
     * makes.
     */
    private static final String TRACES = """
            SELECT 'setting ' || name AS trace FROM pg_settings
             WHERE source = 'session'
               AND name NOT IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'IntervalStyle',
                                'standard_conforming_strings')
               AND name NOT LIKE 'enable_%'
            UNION ALL
            SELECT 'prepared statement ' || statement FROM pg_prepared_statements
            UNION ALL
            SELECT 'listening to ' || channel FROM pg_listening_channels() AS channel
            UNION ALL
            SELECT 'cursor ' || name FROM pg_cursors WHERE is_holdable
            UNION ALL
            SELECT 'advisory lock ' || objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
            UNION ALL
            SELECT 'temporary table ' || relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()
            """;

    private static final String SESSIONS = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
            """;

    private SessionTraces() {}

    /** Looks into every session that there is: as many transactions at once as sessions have each one of its own. */
    static void requireNone(Jdbi jdbi) {
        int sessions = jdbi.withHandle(
                handle -> handle.createQuery(SESSIONS).mapTo(Integer.class).one());
        List<Handle> open = new ArrayList<>();
        try {
            List<String> traces = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                Handle handle = jdbi.open();
                open.add(handle);
                handle.begin();
                traces.addAll(handle.createQuery(TRACES).mapTo(String.class).list());
            }
            assertThat(sessions).isPositive();
            assertThat(traces).as("traces in %d sessions", sessions).isEmpty();
        } finally {
            open.forEach(Handle::rollback);
            open.forEach(Handle::close);
        }
    }
}
