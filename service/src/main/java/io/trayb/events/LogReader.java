package io.trayb.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Response;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.resps.StreamEntry;
import redis.clients.jedis.resps.StreamGroupInfo;
import redis.clients.jedis.resps.StreamInfo;

/** Reads the log from a cursor on. Thread-safe. */
final class LogReader {
    private final UnifiedJedis client;
    private final RedisLog redisLog;

    LogReader(UnifiedJedis client, RedisLog redisLog) {
        this.client = Objects.requireNonNull(client, "client");
        this.redisLog = Objects.requireNonNull(redisLog, "redisLog");
    }

    /**
     * Reads up to {@code count} entries after a cursor.
     *
     * <p>Epoch, bounds and entries come from one transaction, so that a page whose cursor was inside the log misses nothing,
     * whatever is trimmed or emptied at the same time. A cursor of another epoch goes on from the log's end: its holder reads
     * the state again, and what is older than that is no news. A cursor older than the log goes on from the log's first
     * entry.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when Redis is out of reach or refuses
     */
    LogPage read(Cursor after, int count) {
        try {
            return readOnce(after, count);
        } catch (JedisDataException e) {
            if (!RedisLog.saysThereIsNoLog(e)) {
                throw e;
            }
            redisLog.open(client);
            return readOnce(after, count);
        }
    }

    private LogPage readOnce(Cursor after, int count) {
        Response<List<StreamGroupInfo>> groups;
        Response<StreamInfo> info;
        Response<List<StreamEntry>> range;
        try (AbstractTransaction transaction = client.multi()) {
            groups = transaction.xinfoGroups(RedisLog.KEY);
            info = transaction.xinfoStream(RedisLog.KEY);
            range = transaction.xrange(RedisLog.KEY, "(" + after.id(), StreamEntryID.MAXIMUM_ID.toString(), count);
            transaction.exec();
        }
        Optional<String> epoch = RedisLog.epochOf(groups.get());
        EntryId last = EntryId.of(info.get().getLastGeneratedId());
        if (epoch.isEmpty()) {
            // The stream was made by something that isn't Trayb; opening it gives it an epoch.
            RedisLog.LogState opened = redisLog.open(client);
            return new LogPage(GapReason.LOG_LOST, List.of(), opened.lastCursor());
        }
        if (!epoch.get().equals(after.epoch()) || after.id().isAfter(last)) {
            return new LogPage(GapReason.LOG_LOST, List.of(), new Cursor(epoch.get(), last));
        }
        GapReason gap = firstOf(info.get(), last).isAfter(after.id()) ? GapReason.TRIMMED : null;
        return page(gap, after, range.get(), last);
    }

    private static LogPage page(@Nullable GapReason gap, Cursor after, List<StreamEntry> range, EntryId last) {
        FrameEncoder encoder = FrameEncoder.unshared();
        List<LogEntry> entries = new ArrayList<>(range.size());
        for (StreamEntry entry : range) {
            entries.add(LogEntry.parse(entry, after.epoch(), encoder));
        }
        // Nothing after the cursor: then it stands at the end, which may be past an entry that somebody deleted.
        EntryId end = entries.isEmpty() ? last : entries.get(entries.size() - 1).id();
        return new LogPage(gap, entries, after.at(end));
    }

    /** The oldest entry's id; of an empty stream the id up to which everything is gone. */
    static EntryId firstOf(StreamInfo info, EntryId last) {
        StreamEntry first = info.getFirstEntry();
        return first == null ? last : EntryId.of(first.getID());
    }
}
