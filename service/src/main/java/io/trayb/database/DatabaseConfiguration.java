package io.trayb.database;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which Postgres, and how many connections to it ({@code database} in {@code config.yml}).
 *
 * @param url null starts the embedded Postgres
 * @param directUrl the way past PgBouncer, for migrations; null means {@code url}
 * @param probeDatabase the name under which the health probe asks for the same database, so that PgBouncer has a pool for it alone;
 *     null means that of {@code url}
 * @param pgbouncerUrl the console of the PgBouncer that {@code url} leads through; null where there is none to be asked
 * @param pool the pool of connections to {@code url}
 */
public record DatabaseConfiguration(
        @Nullable DatabaseUrl url,
        @Nullable DatabaseUrl directUrl,

        @Size(min = 1, max = 63) @Nullable String probeDatabase,

        @Nullable DatabaseUrl pgbouncerUrl,
        @Valid PoolConfiguration pool) {
    public static final DatabaseConfiguration DEFAULT = of(null, null, null, null, null);

    @JsonCreator
    static DatabaseConfiguration of(
            @JsonProperty("url") @Nullable DatabaseUrl url,
            @JsonProperty("directUrl") @Nullable DatabaseUrl directUrl,
            @JsonProperty("probeDatabase") @Nullable String probeDatabase,
            @JsonProperty("pgbouncerUrl") @Nullable DatabaseUrl pgbouncerUrl,
            @JsonProperty("pool") @Nullable PoolConfiguration pool) {
        return new DatabaseConfiguration(
                url,
                directUrl,
                probeDatabase,
                pgbouncerUrl,
                Objects.requireNonNullElse(pool, PoolConfiguration.DEFAULT));
    }

    @ValidationMethod(
            message = "pgbouncerUrl (PGBOUNCER_URL) must name one PgBouncer's console, the database pgbouncer, such as"
                    + " postgresql://trayb_stats:password@127.0.0.1:6432/pgbouncer")
    boolean isPgbouncerUrlOfAConsole() {
        return pgbouncerUrl == null
                || (pgbouncerUrl.database().equals("pgbouncer")
                        && !pgbouncerUrl.hosts().contains(","));
    }

    @ValidationMethod(
            message =
                    "probeDatabase (PROBE_DATABASE) needs a url (DATABASE_URL): the embedded Postgres has no other way for the health"
                            + " probe")
    boolean isProbeDatabaseWithUrl() {
        return probeDatabase == null || url != null;
    }

    /** The same with another Postgres. */
    public DatabaseConfiguration at(DatabaseUrl otherUrl) {
        return new DatabaseConfiguration(otherUrl, directUrl, probeDatabase, pgbouncerUrl, pool);
    }

    /** The health probe's way to the database that the service uses. */
    public DatabaseUrl probeUrl(DatabaseUrl inUse) {
        return probeDatabase == null ? inUse : inUse.withDatabase(probeDatabase);
    }

    /** Where migrations run, or empty for the embedded Postgres. Its schema is always that of {@code url}. */
    public Optional<DatabaseUrl> migrationUrl() {
        if (url == null) {
            return Optional.empty();
        }
        return Optional.of(directUrl == null ? url : directUrl.withSchema(url.schema()));
    }
}
