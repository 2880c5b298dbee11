package io.trayb.jobs.store;

import io.trayb.database.SqlArray;
import io.trayb.jobs.IdempotencyKey;
import io.trayb.jobs.Submitted;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Which submission an idempotency key stands for. */
public final class IdempotencyKeys {
    /**
     * What a key was used for.
     *
     * @param jobIds the jobs that were answered, in order
     * @param existing which of them had held the unique key already
     */
    public record Use(String bodyHash, List<UUID> jobIds, List<Boolean> existing) {}

    // Takes the key, if it is free or 24 hours old. Waits for whoever is just taking it.
    private static final String TAKE = """
            INSERT INTO trayb_idempotency_keys AS known (caller, key, body_hash, job_ids, existing)
            VALUES (:caller, :key, :bodyHash, '{}', '{}')
            ON CONFLICT (caller, key) DO UPDATE
               SET body_hash = excluded.body_hash, job_ids = excluded.job_ids, existing = excluded.existing,
                   created_at = now()
             WHERE known.created_at < now() - interval '24 hours'
            """;

    private static final String ANSWERED = """
            UPDATE trayb_idempotency_keys SET job_ids = :jobIds, existing = :existing
             WHERE caller = :caller AND key = :key
            """;

    private static final String FIND = """
            SELECT body_hash, job_ids, existing FROM trayb_idempotency_keys WHERE caller = :caller AND key = :key
            """;

    // Rides trayb_idempotency_keys_age.
    private static final String FORGET = """
            DELETE FROM trayb_idempotency_keys
             WHERE (caller, key) IN (SELECT caller, key FROM trayb_idempotency_keys
                                      WHERE created_at < now() - interval '24 hours'
                                      ORDER BY created_at
                                      LIMIT :limit
                                        FOR UPDATE SKIP LOCKED)
            """;

    private IdempotencyKeys() {}

    /** Takes a key for this transaction's submission; false if it stands for another one. */
    public static boolean take(Handle handle, IdempotencyKey key) {
        return handle.createUpdate(TAKE)
                        .bind("caller", key.caller())
                        .bind("key", key.key())
                        .bind("bodyHash", key.bodyHash())
                        .execute()
                == 1;
    }

    /** Notes what was answered under a key that this transaction took. */
    public static void answered(Handle handle, IdempotencyKey key, List<Submitted> jobs) {
        handle.createUpdate(ANSWERED)
                .bind("caller", key.caller())
                .bind("key", key.key())
                .bind(
                        "jobIds",
                        SqlArray.of(
                                UUID.class,
                                Column.of(jobs, submitted -> submitted.job().id())))
                .bind("existing", SqlArray.of(Boolean.class, Column.of(jobs, Submitted::existing)))
                .execute();
    }

    /** What a key stands for; empty if it was never used or is forgotten. */
    public static Optional<Use> find(Handle handle, IdempotencyKey key) {
        return handle.createQuery(FIND)
                .bind("caller", key.caller())
                .bind("key", key.key())
                .map((row, context) -> new Use(
                        row.getString("body_hash"),
                        List.of((UUID[]) row.getArray("job_ids").getArray()),
                        List.of((Boolean[]) row.getArray("existing").getArray())))
                .findOne();
    }

    /** Forgets up to {@code limit} keys that are over 24 hours old; returns how many. */
    public static int forgetOld(Handle handle, int limit) {
        return handle.createUpdate(FORGET).bind("limit", limit).execute();
    }
}
