package io.trayb.jobs.queue;

import io.trayb.database.Transactions;
import io.trayb.jobs.store.KnownTypes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Notes which types remote workers ask for, so that a type that only they know isn't taken for one that nobody does. Each is
 * written once a minute by a node, however often it is asked for. Thread-safe.
 */
final class AskedTypes {
    private static final Duration NOTED_FOR = Duration.ofMinutes(1);
    /** Beyond this all is noted anew: some 2 MiB. */
    private static final int MOST_REMEMBERED = 10_000;

    private record Asked(String queue, String type) {}

    private final Transactions transactions;
    private final LongSupplier nanoTime;
    private final Map<Asked, Long> notedAt = new ConcurrentHashMap<>();

    /** @param nanoTime a monotonic clock */
    AskedTypes(Transactions transactions, LongSupplier nanoTime) {
        this.transactions = transactions;
        this.nanoTime = nanoTime;
    }

    /**
     * A worker asks for jobs.
     *
     * @param types none are all
     * @throws org.jdbi.v3.core.JdbiException when the database is out of reach
     */
    void asked(String queue, Collection<String> types) {
        long now = nanoTime.getAsLong();
        List<String> due = (types.isEmpty() ? List.of(KnownTypes.ANY) : types)
                .stream().filter(type -> isDue(new Asked(queue, type), now)).toList();
        if (due.isEmpty()) {
            return;
        }
        transactions.statement(handle -> {
            KnownTypes.asked(handle, queue, due);
            return due.size();
        });
        if (notedAt.size() > MOST_REMEMBERED) {
            notedAt.clear();
        }
        due.forEach(type -> notedAt.put(new Asked(queue, type), now));
    }

    private boolean isDue(Asked asked, long now) {
        Long noted = notedAt.get(asked);
        return noted == null || now - noted >= NOTED_FOR.toNanos();
    }
}
