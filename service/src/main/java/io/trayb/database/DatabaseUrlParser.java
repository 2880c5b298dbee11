package io.trayb.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/** Takes a database URL apart. Used once, by one thread. */
final class DatabaseUrlParser {
    private static final String JDBC = "jdbc:";
    private static final String EXPECTED =
            "write postgresql://user:password@host:5432/database?schema=public or jdbc:postgresql://host:5432/database";

    /** Parameters of Prisma and libpq, and what the Java driver calls them; times are seconds in both. */
    private static final Map<String, String> SAME_THING = Map.of(
            "connect_timeout", PGProperty.CONNECT_TIMEOUT.getName(),
            "socket_timeout", PGProperty.SOCKET_TIMEOUT.getName(),
            "application_name", PGProperty.APPLICATION_NAME.getName());

    /** Parameters of Prisma and node-postgres that steer their own pools and engines. */
    private static final Set<String> NODE_ONLY = Set.of(
            "connection_limit",
            "pool_timeout",
            "pgbouncer",
            "statement_cache_size",
            "sslaccept",
            "sslidentity",
            "single_use_connections",
            "max_idle_connection_lifetime",
            "max_connection_lifetime");

    /** Each would leave state in a session that PgBouncer hands to somebody else, or undo what keeps that from happening. */
    private static final Set<String> BREAKS_POOLING =
            Set.of("options", "search_path", PGProperty.PREPARE_THRESHOLD.getName(), PGProperty.READ_ONLY.getName());

    private final String text;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private @Nullable String user;
    private @Nullable String password;
    private String schema = "public";

    DatabaseUrlParser(String text) {
        this.text = text.strip();
    }

    DatabaseUrl parse() {
        boolean jdbc = text.startsWith(JDBC);
        String url = jdbc ? text.substring(JDBC.length()) : text;
        int scheme = url.indexOf("://");
        String name = scheme < 0 ? "" : url.substring(0, scheme);
        if (!name.equals("postgresql") && (jdbc || !name.equals("postgres"))) {
            throw new IllegalArgumentException("database URL: it doesn't begin with postgresql://; " + EXPECTED);
        }
        String rest = url.substring(scheme + 3);
        if (rest.indexOf('#') >= 0) {
            throw new IllegalArgumentException("database URL: it contains a '#'; in a password write %23");
        }
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        int slash = place.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("database URL: the database's name is missing; " + EXPECTED);
        }
        String hosts = credentialsAnd(place.substring(0, slash));
        String database = decode(place.substring(slash + 1), "the database's name");
        if (query >= 0) {
            parameters(rest.substring(query + 1));
        }
        if (hosts.contains(",")) {
            // Trayb has nothing to do on a standby, which the driver would take if it comes first.
            properties.putIfAbsent(PGProperty.TARGET_SERVER_TYPE.getName(), "primary");
        }
        return new DatabaseUrl(hosts, database, user, password, schema, properties, warnings);
    }

    /** Keeps user and password of {@code user:password@hosts} and returns the hosts. */
    private String credentialsAnd(String authority) {
        // The last one: people forget to encode an @ in a password, and a host can't have one.
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            return authority;
        }
        String credentials = authority.substring(0, at);
        int colon = credentials.indexOf(':');
        user = decode(colon < 0 ? credentials : credentials.substring(0, colon), "the user");
        password = colon < 0 ? null : decode(credentials.substring(colon + 1), "the password");
        return authority.substring(at + 1);
    }

    private void parameters(String query) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                String name = decode(pair.substring(0, equals), "a parameter's name");
                parameter(name, decode(pair.substring(equals + 1), "parameter " + name));
            } else if (!pair.isEmpty()) {
                throw new IllegalArgumentException("database URL: a parameter has no value, write name=value");
            }
        }
    }

    private void parameter(String name, String value) {
        switch (name) {
            case "user" -> user = value;
            case "password" -> password = value;
            case "schema", "currentSchema" -> schema = value;
            default -> driverProperty(name, value);
        }
    }

    private void driverProperty(String name, String value) {
        if (BREAKS_POOLING.contains(name)) {
            throw new IllegalArgumentException("database URL: parameter " + name
                    + " is not allowed, since it doesn't survive PgBouncer's transaction mode; leave it out"
                    + (name.equals("search_path") ? " and name the schema as schema=…" : ""));
        }
        if (NODE_ONLY.contains(name)) {
            warnings.add(
                    "database URL: parameter " + name
                            + " is the Node client's and has no effect here; the pool is set under database.pool in config.yml");
            return;
        }
        String property = SAME_THING.getOrDefault(name, name);
        if (PGProperty.forName(property) == null) {
            throw new IllegalArgumentException("database URL: parameter " + name
                    + " is unknown; allowed are schema, sslmode, connect_timeout, socket_timeout, application_name"
                    + " and the properties of the Postgres JDBC driver");
        }
        properties.put(property, value);
    }

    private static String decode(String part, String what) {
        try {
            // A plus sign is itself in a URL's user, password and path; only forms read it as a space.
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The cause is left out on purpose: its message repeats a part of the password.
            throw new IllegalArgumentException(
                    "database URL: " + what + " has a % that isn't followed by two hex digits; write %25 for a %");
        }
    }
}
