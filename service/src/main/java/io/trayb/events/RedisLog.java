package io.trayb.events;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.resps.StreamGroupInfo;

/**
 * How the log lies in Redis: one stream, with the epoch as the name of a consumer group on it.
 *
 * <p>Nobody ever consumes through that group. It is there because a group lives and dies with its stream: eviction, FLUSHALL or
 * a failover can't take the one and leave the other, as could happen with a key beside it. The name also has the run id of
 * the server that the epoch began on, so that a new primary, or one that was restarted, is noticed by whoever connects first;
 * the script makes the change of epochs atomic, and all nodes read the same epoch from then on. The group's last delivered id,
 * which never moves, says where the epoch begins.
 *
 * <p>Whoever writes opens the log on each new connection first, and adds only to a stream that exists ({@code NOMKSTREAM}).
 * So nothing is ever added to a server's log before that server's epoch is right, and a stream that vanished is never begun
 * again without a new epoch.
 *
 * <p>Thread-safe, if the source of randomness is.
 */
final class RedisLog {
    /** The hash tag keeps whatever else may join it in one slot of a cluster. */
    static final String KEY = "{trayb}:events";

    private static final String GROUP = "epoch:";

    private static final String OPEN = """
            local key, fresh = KEYS[1], ARGV[1]
            local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or 'none'

            local function fields(reply)
              local named = {}
              for i = 1, #reply, 2 do named[reply[i]] = reply[i + 1] end
              return named
            end

            local epoch, start
            if redis.call('EXISTS', key) == 1 then
              for _, reply in ipairs(redis.call('XINFO', 'GROUPS', key)) do
                local group = fields(reply)
                local name, of = string.match(group['name'], '^epoch:(%x+):(%w+)$')
                if name and of == run then
                  epoch, start = name, group['last-delivered-id']
                elseif name then
                  redis.call('XGROUP', 'DESTROY', key, group['name'])
                end
              end
            end
            if not epoch then
              -- The entry makes sure that a cursor taken from an empty log is inside it.
              epoch, start = fresh, redis.call('XADD', key, '*', 'epoch', fresh)
              redis.call('XGROUP', 'CREATE', key, 'epoch:' .. fresh .. ':' .. run, start)
            end

            local last = fields(redis.call('XINFO', 'STREAM', key))['last-generated-id']
            local first = redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1]
            return {epoch, start, first and first[1] or last, last}
            """;

    private final RandomGenerator random;

    /**
     * @param random must not repeat itself from process to process, or two epochs could be taken for one
     */
    RedisLog(SecureRandom random) {
        this.random = random;
    }

    /** Opens the log on a connection of one's own; throws what Jedis throws when Redis is away or refuses. */
    LogState open(Connection connection) {
        Pipeline pipeline = new Pipeline(connection);
        Response<Object> reply = pipeline.eval(OPEN, List.of(KEY), List.of(freshEpoch()));
        pipeline.sync();
        return state(reply.get());
    }

    /** The same on a pooled connection. */
    LogState open(UnifiedJedis client) {
        return state(client.eval(OPEN, List.of(KEY), List.of(freshEpoch())));
    }

    private String freshEpoch() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }

    private static LogState state(Object reply) {
        if (!(reply instanceof List<?> parts) || parts.size() != 4) {
            throw new IllegalStateException("opening the event log answered " + reply);
        }
        return new LogState(
                parts.get(0).toString(),
                EntryId.parse(parts.get(1).toString()),
                EntryId.parse(parts.get(2).toString()),
                EntryId.parse(parts.get(3).toString()));
    }

    /** The epoch that the stream's groups tell; empty when the log must be opened anew. */
    static Optional<String> epochOf(List<StreamGroupInfo> groups) {
        for (StreamGroupInfo group : groups) {
            if (group.getName().startsWith(GROUP)) {
                String rest = group.getName().substring(GROUP.length());
                int colon = rest.indexOf(':');
                if (colon > 0) {
                    return Optional.of(rest.substring(0, colon));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether Redis said that there is no such stream, which is how an emptied Redis shows itself. */
    static boolean saysThereIsNoLog(JedisDataException error) {
        String message = error.getMessage();
        return message != null && message.contains("no such key");
    }

    /**
     * What an opened log looked like. Immutable.
     *
     * @param epoch the epoch that it is in
     * @param start the entry that this epoch began with
     * @param first the oldest entry that is still there
     * @param last the newest entry that ever was there
     */
    record LogState(String epoch, EntryId start, EntryId first, EntryId last) {
        Cursor startCursor() {
            return new Cursor(epoch, start);
        }

        Cursor lastCursor() {
            return new Cursor(epoch, last);
        }
    }
}
