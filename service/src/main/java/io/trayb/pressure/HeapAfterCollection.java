package io.trayb.pressure;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of the heap the last collection of garbage left free. What is in use at any other moment says little: a heap fills up
 * with garbage until somebody collects it. Thread-safe.
 */
final class HeapAfterCollection implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HeapAfterCollection.class);

    private final Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toUnmodifiableSet());
    private final long limit = Runtime.getRuntime().maxMemory();
    private final NotificationListener listener = this::heard;
    private volatile long freeBytes = limit;

    /** Hears of each collection from now on, until it is closed. */
    void listen() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(listener, null, null);
            }
        }
    }

    private void heard(Notification notification, Object unused) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            GarbageCollectionNotificationInfo info =
                    GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
            if (!frees(info.getGcName())) {
                return;
            }
            Map<String, MemoryUsage> after = info.getGcInfo().getMemoryUsageAfterGc();
            long used = 0;
            for (String pool : heapPools) {
                MemoryUsage usage = after.get(pool);
                used += usage == null ? 0 : usage.getUsed();
            }
            freeBytes = Math.max(0, limit - used);
        }
    }

    /**
     * Whether what goes by this name has freed memory when it is told. Pauses of a collection that works beside the program have not:
     * G1's own have a name from JDK 20 on, those of ZGC and Shenandoah ("ZGC Pauses", "ZGC Minor Pauses") stand beside their cycles.
     */
    static boolean frees(String collector) {
        return !collector.equals("G1 Concurrent GC") && !collector.endsWith(" Pauses");
    }

    /** Of the heap's limit; all of it until the first collection. */
    long freeBytes() {
        return freeBytes;
    }

    @Override
    public void close() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(listener);
                } catch (ListenerNotFoundException e) {
                    LOGGER.debug("{} had nobody to tell", collector.getName(), e);
                }
            }
        }
    }
}
