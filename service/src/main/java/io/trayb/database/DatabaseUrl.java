package io.trayb.database;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a Postgres database is and how to sign in. Immutable; its text form never shows the password.
 *
 * @param hosts {@code host:port}; of several, separated by commas, the one is taken that is the primary at the moment
 * @param database the database's name, not encoded
 * @param user whom to sign in as; null leaves it to the driver (the operating system's user)
 * @param password null when there is none
 * @param schema the schema that Trayb's tables are in: {@code [a-z_][a-z0-9_]*}, at most 63 characters
 * @param properties what else the driver is told, in the driver's own names, such as {@code sslmode}
 * @param warnings sentences about parameters that were given and have no effect here
 */
public record DatabaseUrl(
        String hosts,
        String database,
        @Nullable String user,
        @Nullable String password,
        String schema,
        Map<String, String> properties,
        List<String> warnings) {
    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?";
    private static final Pattern HOSTS = Pattern.compile(HOST + "(?:," + HOST + ")*");
    // Upper-case names would need quoting wherever an operator types them, so they are refused from the start.
    private static final Pattern SCHEMA = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    public DatabaseUrl {
        Objects.requireNonNull(hosts, "hosts");
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(schema, "schema");
        if (!HOSTS.matcher(hosts).matches()) {
            throw new IllegalArgumentException(
                    "database URL: host is '" + hosts + "', allowed is host or host:port, several separated by commas");
        }
        if (database.isEmpty()) {
            throw new IllegalArgumentException(
                    "database URL: the database's name is missing, write postgresql://host/NAME");
        }
        if (!SCHEMA.matcher(schema).matches()) {
            throw new IllegalArgumentException("database URL: schema is '" + schema
                    + "', allowed are 1 to 63 of a-z, 0-9 and _, not beginning with a digit");
        }
        if (schema.startsWith("pg_")) {
            throw new IllegalArgumentException(
                    "database URL: schema is '" + schema + "', names that begin with pg_ are Postgres' own");
        }
        properties = Map.copyOf(properties);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads {@code postgresql://user:password@host:port/database?schema=public} as Node programs have it (percent-encoded),
     * or {@code jdbc:postgresql://host:port/database?user=…&password=…&currentSchema=…}.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong; it never repeats the password
     */
    @JsonCreator
    public static DatabaseUrl parse(String text) {
        return new DatabaseUrlParser(text).parse();
    }

    /** The driver's URL: hosts and database, nothing secret. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + hosts + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The same database over the same hosts, with the tables in another schema. */
    public DatabaseUrl withSchema(String other) {
        return new DatabaseUrl(hosts, database, user, password, other, properties, warnings);
    }

    /** Another database over the same hosts, or the same by another name, signing in as the same user. */
    public DatabaseUrl withDatabase(String other) {
        return new DatabaseUrl(hosts, other, user, password, schema, properties, warnings);
    }

    /** The URL as people write it, with the password masked. */
    @Override
    public String toString() {
        String credentials = Optional.ofNullable(user)
                .map(name -> name + (password == null ? "@" : ":***@"))
                .orElse("");
        return "postgresql://" + credentials + hosts + "/" + database + "?schema=" + schema;
    }
}
