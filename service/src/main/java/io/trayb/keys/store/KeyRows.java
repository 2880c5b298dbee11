package io.trayb.keys.store;

import io.trayb.database.SqlArray;
import io.trayb.keys.ApiKey;
import io.trayb.keys.NewKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.RateLimit;
import io.trayb.keys.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** The API keys that are kept. */
public final class KeyRows {
    /**
     * What tells whether anything has changed since the keys were last read, but the times of their last uses.
     *
     * @param keys how many rows there are
     * @param revision the highest one; 0 if there is no row
     */
    public record Edition(long keys, long revision) {}

    // One writer at a time, until its transaction ends: so that revisions become visible in their order, and two who
    // add can't both find room for the last one.
    private static final String LOCK_WRITING = """
            SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtext('trayb api keys'))) AS locked
            """;

    // The highest revision rides trayb_api_keys_revision; the count reads one index of a small table.
    private static final String EDITION = """
            SELECT count(*) AS keys, coalesce(max(revision), 0) AS revision FROM trayb_api_keys
            """;

    // The whole table, a few thousand rows at most; read when the edition has changed, not at each look.
    private static final String ALL = "SELECT * FROM trayb_api_keys ORDER BY name";

    // Rides the primary key, which is the name; few of a small table are passed over for their pattern.
    private static final String PAGE = """
            SELECT * FROM trayb_api_keys
             WHERE name > :after
               AND (CAST(:single AS text) IS NULL OR queues = :single)
               AND (CAST(:prefix AS text) IS NULL OR starts_with(queues, :prefix))
             ORDER BY name
             LIMIT :limit
            """;

    private static final String COUNT_LIVE = """
            SELECT count(*) FROM trayb_api_keys
             WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
            """;

    private static final String INSERT = """
            INSERT INTO trayb_api_keys (name, id, salt, hash, scopes, queues, rate_requests, rate_per_ms,
                                        created_by, expires_at, revision)
            SELECT :name, :id, :salt, :hash, :scopes, :queues, :rateRequests, :ratePerMs,
                   :createdBy, to_timestamp(:expiresMs / 1000.0), (SELECT coalesce(max(revision), 0) + 1 FROM trayb_api_keys)
            ON CONFLICT (name) DO NOTHING
            RETURNING *
            """;

    // One that was revoked already stays as it was.
    private static final String REVOKE = """
            UPDATE trayb_api_keys
               SET revoked_at = now(), revoked_by = :by,
                   revision = (SELECT max(revision) + 1 FROM trayb_api_keys)
             WHERE name = :name AND revoked_at IS NULL
            """;

    private static final String FIND = "SELECT * FROM trayb_api_keys WHERE name = :name";

    // Neither locks anybody's writing nor changes the edition. Nodes may report in any order: the latest use counts.
    private static final String USED = """
            UPDATE trayb_api_keys AS key
               SET last_used_at = to_timestamp(used.at_ms / 1000.0)
              FROM unnest(:ids, :times) AS used (id, at_ms)
             WHERE key.id = used.id
               AND (key.last_used_at IS NULL OR key.last_used_at < to_timestamp(used.at_ms / 1000.0))
            """;

    private static final RowMapper<StoredKey> ROW = (row, context) -> read(row);

    private KeyRows() {}

    /** Lets nobody else write keys until the end of the transaction. */
    public static void lockWriting(Handle handle) {
        handle.createQuery(LOCK_WRITING).mapTo(Integer.class).one();
    }

    public static Edition edition(Handle handle) {
        return handle.createQuery(EDITION)
                .map((row, context) -> new Edition(row.getLong("keys"), row.getLong("revision")))
                .one();
    }

    /** All keys by name, revoked and expired ones too. */
    public static List<StoredKey> all(Handle handle) {
        return handle.createQuery(ALL).map(ROW).list();
    }

    /**
     * Those whose pattern lies within another one, by name: of an open one that is every pattern that begins like it, be it open
     * or a name.
     */
    public static List<ApiKey> page(Handle handle, QueuePattern queues, String after, int limit) {
        return handle.createQuery(PAGE)
                .bind("after", after)
                .bind("single", queues.single())
                .bind("prefix", queues.isAll() ? null : queues.prefix())
                .bind("limit", limit)
                .map(ROW)
                .map(StoredKey::key)
                .list();
    }

    /** How many are neither revoked nor expired. */
    public static long countLive(Handle handle) {
        return handle.createQuery(COUNT_LIVE).mapTo(Long.class).one();
    }

    /** Adds one, under {@link #lockWriting}; empty if there is, or was, one of this name. */
    public static Optional<ApiKey> insert(Handle handle, NewKey key, String id, byte[] salt, byte[] hash) {
        RateLimit rate = key.rate();
        Instant expiresAt = key.expiresAt();
        return handle.createQuery(INSERT)
                .bind("name", key.name())
                .bind("id", id)
                .bind("salt", salt)
                .bind("hash", hash)
                .bind("scopes", SqlArray.of(String.class, Scope.wireNames(key.scopes())))
                .bind("queues", key.queues().text())
                .bind("rateRequests", rate == null ? null : rate.requests())
                .bind("ratePerMs", rate == null ? null : rate.per().toMillis())
                .bind("createdBy", key.by())
                .bind("expiresMs", expiresAt == null ? null : expiresAt.toEpochMilli())
                .map(ROW)
                .findOne()
                .map(StoredKey::key);
    }

    /** Revokes one, under {@link #lockWriting}. */
    public static void revoke(Handle handle, String name, String by) {
        handle.createUpdate(REVOKE).bind("name", name).bind("by", by).execute();
    }

    public static Optional<ApiKey> find(Handle handle, String name) {
        return handle.createQuery(FIND).bind("name", name).map(ROW).findOne().map(StoredKey::key);
    }

    /** Notes when keys were used last, by their ids, in milliseconds since 1970. */
    public static void used(Handle handle, Map<String, Long> uses) {
        List<String> ids = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        uses.forEach((id, at) -> {
            ids.add(id);
            times.add(at);
        });
        handle.createUpdate(USED)
                .bind("ids", SqlArray.of(String.class, ids))
                .bind("times", SqlArray.of(Long.class, times))
                .execute();
    }

    private static StoredKey read(ResultSet row) throws SQLException {
        int requests = row.getInt("rate_requests");
        RateLimit rate = row.wasNull() ? null : new RateLimit(requests, Duration.ofMillis(row.getLong("rate_per_ms")));
        ApiKey key = new ApiKey(
                row.getString("name"),
                row.getString("id"),
                scopes((String[]) row.getArray("scopes").getArray()),
                new QueuePattern(row.getString("queues")),
                rate,
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"),
                instant(row, "expires_at"),
                instant(row, "revoked_at"),
                row.getString("revoked_by"),
                instant(row, "last_used_at"));
        return new StoredKey(key, row.getBytes("salt"), row.getBytes("hash"));
    }

    private static Set<Scope> scopes(String[] names) throws SQLException {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : names) {
            scopes.add(Scope.find(name)
                    .orElseThrow(() -> new SQLException("scope is '" + name + "', which this version doesn't know")));
        }
        return scopes;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
