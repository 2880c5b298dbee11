package io.trayb.database;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.Valid;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which Postgres, and how many connections to it ({@code database} in {@code config.yml}).
 *
 * @param url null starts the embedded Postgres
 * @param directUrl the way past PgBouncer, for migrations; null means {@code url}
 * @param pool the pool of connections to {@code url}
 */
public record DatabaseConfiguration(
        @Nullable DatabaseUrl url,
        @Nullable DatabaseUrl directUrl,
        @Valid PoolConfiguration pool) {
    public static final DatabaseConfiguration DEFAULT = of(null, null, null);

    @JsonCreator
    static DatabaseConfiguration of(
            @JsonProperty("url") @Nullable DatabaseUrl url,
            @JsonProperty("directUrl") @Nullable DatabaseUrl directUrl,
            @JsonProperty("pool") @Nullable PoolConfiguration pool) {
        return new DatabaseConfiguration(url, directUrl, Objects.requireNonNullElse(pool, PoolConfiguration.DEFAULT));
    }

    /** Where migrations run, or empty for the embedded Postgres. Its schema is always that of {@code url}. */
    public Optional<DatabaseUrl> migrationUrl() {
        if (url == null) {
            return Optional.empty();
        }
        return Optional.of(directUrl == null ? url : directUrl.withSchema(url.schema()));
    }
}
