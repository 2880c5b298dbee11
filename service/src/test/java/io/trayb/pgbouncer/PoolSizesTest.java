package io.trayb.pgbouncer;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.database.PostgresLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolSizesTest {
    private static final PostgresLimits DIRECT = new PostgresLimits(100, 3, true);
    private static final PostgresLimits BEHIND = new PostgresLimits(100, 3, false);
    private static final PgBouncerLimits SHIPPED = new PgBouncerLimits(1000, 48, List.of("trayb", "trayb_probe"));

    @Test
    void as_many_processes_as_the_shipped_settings_have_room_for_fit() {
        assertThat(new PoolSizes(16, 55).misfits(SHIPPED, BEHIND)).isEmpty();
        assertThat(new PoolSizes(16, 56).misfits(SHIPPED, BEHIND)).hasSize(1);
    }

    @Test
    void too_many_clients_for_pgbouncer_are_told_with_what_would_fit() {
        assertThat(new PoolSizes(16, 2).misfits(new PgBouncerLimits(30, 48, List.of("trayb")), BEHIND))
                .containsExactly("database.pool.maxSize is 16, which over 2 processes, with the health probe's and the"
                        + " console's, makes 36 connections, but PgBouncer's max_client_conn is 30: lower it to 13, or"
                        + " raise max_client_conn");
    }

    @Test
    void where_no_size_would_fit_none_is_suggested() {
        assertThat(new PoolSizes(1, 20).misfits(new PgBouncerLimits(30, 48, List.of("trayb")), BEHIND))
                .singleElement()
                .asString()
                .endsWith("but PgBouncer's max_client_conn is 30: raise max_client_conn");
    }

    @Test
    void too_many_servers_for_postgres_are_told_with_what_it_lends() {
        assertThat(new PoolSizes(16, 1).misfits(new PgBouncerLimits(1000, 96, List.of("a", "b")), BEHIND))
                .isEmpty();
        assertThat(new PoolSizes(16, 1).misfits(new PgBouncerLimits(1000, 97, List.of("a", "b")), BEHIND))
                .containsExactly(
                        "PgBouncer's pool sizes and reserve_pool_size let it open 97 connections over its databases [a, b],"
                                + " but Postgres lends 97 (max_connections 100, of which 3 are reserved), and one is for"
                                + " migrations: lower them to 96 in all, or raise max_connections");
    }

    @Test
    void without_pgbouncer_it_is_postgres_that_must_have_room() {
        assertThat(new PoolSizes(16, 5).misfits(DIRECT)).isEmpty();
        assertThat(new PoolSizes(95, 1).misfits(DIRECT))
                .as("95, a probe's and a migration's")
                .isEmpty();
        assertThat(new PoolSizes(96, 1).misfits(DIRECT)).hasSize(1);
        assertThat(new PoolSizes(16, 6).misfits(DIRECT))
                .containsExactly(
                        "database.pool.maxSize is 16, which over 6 processes, with the health probe's and one for"
                                + " migrations, makes 103 connections, but Postgres lends 97 (max_connections 100, of which 3 are reserved): lower it"
                                + " to 15, or raise max_connections, or put PgBouncer in between");
    }
}
