package io.trayb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {
    @Test
    void the_form_of_the_node_service_is_read() {
        DatabaseUrl url = DatabaseUrl.parse(
                "postgresql://us%40er:p%23%2B+w%2Fd@pgbouncer:6432/trayb_customs?schema=customs&sslmode=require");

        assertThat(url.hosts()).isEqualTo("pgbouncer:6432");
        assertThat(url.user()).isEqualTo("us@er");
        assertThat(url.password()).isEqualTo("p#++w/d");
        assertThat(url.database()).isEqualTo("trayb_customs");
        assertThat(url.schema()).isEqualTo("customs");
        assertThat(url.properties()).isEqualTo(Map.of("sslmode", "require"));
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://pgbouncer:6432/trayb_customs");
    }

    @Test
    void the_form_of_the_driver_is_read() {
        DatabaseUrl url = DatabaseUrl.parse(
                "jdbc:postgresql://a:1,b:2/db?user=u&password=p%26w&currentSchema=s&ApplicationName=x");

        assertThat(url.hosts()).isEqualTo("a:1,b:2");
        assertThat(url.user()).isEqualTo("u");
        assertThat(url.password()).isEqualTo("p&w");
        assertThat(url.schema()).isEqualTo("s");
        assertThat(url.properties()).isEqualTo(Map.of("ApplicationName", "x", "targetServerType", "primary"));
    }

    @Test
    void of_several_hosts_the_primary_is_meant_unless_something_else_is_said() {
        assertThat(DatabaseUrl.parse("postgresql://u:p@h1:1,h2:2/db").hosts()).isEqualTo("h1:1,h2:2");
        assertThat(DatabaseUrl.parse("postgresql://u:p@h1:1,h2:2/db").properties())
                .isEqualTo(Map.of("targetServerType", "primary"));
        assertThat(DatabaseUrl.parse("postgresql://u:p@h1,h2/db?targetServerType=any")
                        .properties())
                .isEqualTo(Map.of("targetServerType", "any"));
        assertThat(DatabaseUrl.parse("postgresql://u:p@h1/db").properties()).isEmpty();
    }

    @Test
    void an_at_sign_that_was_not_encoded_belongs_to_the_password() {
        assertThat(DatabaseUrl.parse("postgresql://u:p@ss@host/db").password()).isEqualTo("p@ss");
    }

    @Test
    void what_only_node_understands_is_left_out_with_a_warning() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://h/db?pgbouncer=true&connection_limit=5&connect_timeout=7");

        assertThat(url.properties()).isEqualTo(Map.of("connectTimeout", "7"));
        assertThat(url.warnings()).hasSize(2);
        assertThat(url.warnings().get(1)).contains("connection_limit", "database.pool");
    }

    @Test
    void the_password_is_never_shown() {
        assertThat(DatabaseUrl.parse("postgresql://u:geheim@host/db").toString())
                .isEqualTo("postgresql://u:***@host/db?schema=public")
                .doesNotContain("geheim");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql://u:geheim@host/db | begin with postgresql://",
                "host:5432/db | begin with postgresql://",
                "postgresql://u:geheim@host | name is missing",
                "postgresql://u:geheim@host/ | name is missing",
                "postgresql://u:geheim@ho st/db | host is 'ho st'",
                "postgresql://u:geheim@/db | host is ''",
                "postgresql://u:geheim%zz@host/db | two hex digits",
                "postgresql://u:geheim#1@host/db | %23",
                "postgresql://u:geheim@host/db?schema=Upper | schema is 'Upper'",
                "postgresql://u:geheim@host/db?schema=a%22b | schema is 'a\"b'",
                "postgresql://u:geheim@host/db?schema=pg_x | Postgres' own",
                "postgresql://u:geheim@host/db?schema | name=value",
                "postgresql://u:geheim@host/db?sslmod=require | sslmod is unknown",
                "postgresql://u:geheim@host/db?options=-csearch_path | PgBouncer",
                "postgresql://u:geheim@host/db?prepareThreshold=5 | PgBouncer",
            })
    void what_is_wrong_is_said_without_the_password(String text, String sentence) {
        assertThatThrownBy(() -> DatabaseUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("geheim");
    }
}
