package io.trayb.jobs.store;

import io.trayb.database.SqlArray;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Which job types somebody knows, and what waits for nobody. A type is known while a process that runs jobs has a handler for
 * it; on one queue also for ten minutes after a remote worker has asked there for jobs of that type, or of any.
 */
public final class KnownTypes {
    /** What a remote worker is noted under that takes whatever type there is: no type is called so. */
    public static final String ANY = "*";

    /**
     * Jobs that wait for somebody who knows their type.
     *
     * @param waiting how many
     */
    public record Unknown(String queue, String type, long waiting) {}

    // In the order of the key, so that two nodes that note the same types don't wait for each other.
    private static final String NOTE = """
            INSERT INTO trayb_asked_types (queue, type)
            SELECT :queue, type FROM unnest(:types) AS asked (type) ORDER BY type
            ON CONFLICT (queue, type) DO UPDATE SET asked_at = now()
            """;

    // Reads the counts, the processes and what was asked for, each whole and short; no job.
    private static final String UNKNOWN = """
            SELECT counted.queue, counted.type, counted.waiting
              FROM (SELECT queue, type, sum(waiting) AS waiting
                      FROM trayb_queue_counts
                     WHERE source = 'trayb_jobs'
                     GROUP BY queue, type
                    HAVING sum(waiting) > 0) AS counted
             WHERE NOT EXISTS (SELECT FROM trayb_processes AS process
                                WHERE process.works AND process.expires_at > now()
                                  AND counted.type = ANY(process.types))
               AND NOT EXISTS (SELECT FROM trayb_asked_types AS asked
                                WHERE asked.queue = counted.queue AND asked.type IN (counted.type, '*')
                                  AND asked.asked_at > now() - interval '10 minutes')
            """;

    private static final String FORGET = """
            DELETE FROM trayb_asked_types WHERE asked_at < now() - interval '1 day'
            """;

    private KnownTypes() {}

    /** Notes that a remote worker asks for jobs of these types on a queue. */
    public static void asked(Handle handle, String queue, Collection<String> types) {
        handle.createUpdate(NOTE)
                .bind("queue", queue)
                .bind("types", SqlArray.of(String.class, types))
                .execute();
    }

    /** What waits and nobody knows. */
    public static List<Unknown> unknown(Handle handle) {
        return handle.createQuery(UNKNOWN)
                .map((row, context) ->
                        new Unknown(row.getString("queue"), row.getString("type"), row.getLong("waiting")))
                .list();
    }

    /** Forgets what nobody has asked for in a day. */
    public static int forgetOld(Handle handle) {
        return handle.createUpdate(FORGET).execute();
    }
}
