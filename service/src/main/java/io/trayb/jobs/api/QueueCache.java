package io.trayb.jobs.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.cache.RedisCache;
import io.trayb.keys.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The list of queues, counted at most once a second whoever asks. A client that has just written through this node is
 * answered from the database: what it sees is never older than what it did. Thread-safe.
 */
public final class QueueCache {
    /** As the contract has it. */
    public static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);

    private static final String KEY = "all";

    private final RedisCache cache;
    private final ObjectMapper json;
    private final LongSupplier nanoTime;
    private final AtomicLong writtenAt;

    public QueueCache(RedisCache cache, ObjectMapper json, LongSupplier nanoTime) {
        this.cache = cache;
        this.json = json;
        this.nanoTime = nanoTime;
        this.writtenAt = new AtomicLong(nanoTime.getAsLong() - TIME_TO_LIVE.toNanos());
    }

    /** A client has changed something that the list shows. */
    void written() {
        writtenAt.set(nanoTime.getAsLong());
    }

    /** The list as JSON, from the cache or counted anew; without the queues that the caller can't see. */
    byte[] get(Supplier<QueueResource.QueueList> count, Caller caller) {
        byte[] all = get(count);
        return caller.queues().isAll() ? all : seen(all, caller);
    }

    private byte[] seen(byte[] all, Caller caller) {
        try {
            ObjectNode list = (ObjectNode) json.readTree(all);
            ArrayNode seen = json.createArrayNode();
            for (JsonNode queue : list.path("queues")) {
                if (caller.sees(queue.path("name").textValue())) {
                    seen.add(queue);
                }
            }
            return json.writeValueAsBytes(list.set("queues", seen));
        } catch (IOException e) {
            throw new UncheckedIOException("a list of queues that this service wrote can be read", e);
        }
    }

    private byte[] get(Supplier<QueueResource.QueueList> count) {
        if (nanoTime.getAsLong() - writtenAt.get() < TIME_TO_LIVE.toNanos()) {
            return write(count.get());
        }
        return cache.get(KEY).orElseGet(() -> {
            byte[] counted = write(count.get());
            cache.put(KEY, counted);
            return counted;
        });
    }

    private byte[] write(QueueResource.QueueList list) {
        try {
            return json.writeValueAsBytes(list);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a list of queues is always writable", e);
        }
    }
}
