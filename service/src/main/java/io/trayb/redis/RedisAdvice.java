package io.trayb.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What it costs that a Redis is set up as it is, told by what it says of itself ({@code INFO}). */
final class RedisAdvice {
    /** XADD learnt NOMKSTREAM in 6.2, without which an emptied Redis couldn't be told from a new one. */
    private static final int OLDEST_MAJOR = 6;

    private static final int OLDEST_MINOR = 2;
    private static final String ADVISED = "set maxmemory-policy to allkeys-lru";
    private static final long MIB = 1024 * 1024;

    private RedisAdvice() {}

    /**
     * What is to be said, one sentence or two each; none when all is well.
     *
     * @param info the answer to {@code INFO}; what it leaves out is taken for well
     * @param logBytes about how much memory the log of events takes when it is full
     */
    static List<String> on(String info, long logBytes) {
        Map<String, String> fields = fields(info);
        List<String> advice = new ArrayList<>();
        String version = fields.get("redis_version");
        if (version != null && isTooOld(version)) {
            advice.add("Redis is version " + version
                    + ", it must be 6.2 or newer: events can't be added to the log, so streams tell"
                    + " nothing but gaps");
        }
        if ("slave".equals(fields.get("role"))) {
            advice.add(
                    "Redis is a replica, which takes no writes: streams tell nothing but gaps, there are no tickets, and nobody's"
                            + " rate is limited; let REDIS_URL name the primary, or the Sentinels that know it");
        }
        Long most = number(fields.get("maxmemory"));
        String policy = fields.getOrDefault("maxmemory_policy", "");
        if (most != null && most == 0) {
            advice.add(
                    "Redis has no maxmemory: should it ever fill its machine, the kernel ends it, and every stream is told a gap; set"
                            + " maxmemory, and " + ADVISED);
        } else if (most != null && most < logBytes) {
            advice.add("Redis' maxmemory is " + most / MIB + " MiB, and the log of events alone takes about "
                    + logBytes / MIB
                    + " MiB when it is full (events.maxLength): what else there is, or the log itself, will be evicted; raise the"
                    + " one or lower the other");
        }
        if (policy.equals("noeviction")) {
            advice.add(
                    "Redis' maxmemory-policy is noeviction: when it is full it refuses writes, so events become gaps, there are no"
                            + " tickets, and nobody's rate is limited; " + ADVISED);
        } else if (policy.endsWith("-random")) {
            advice.add("Redis' maxmemory-policy is " + policy
                    + ": when it is full it may evict the log of events at any time, of which"
                    + " every stream is told as a gap; " + ADVISED);
        }
        return advice;
    }

    private static boolean isTooOld(String version) {
        String[] parts = version.split("\\.", -1);
        Long major = number(parts[0]);
        Long minor = parts.length > 1 ? number(parts[1]) : null;
        if (major == null || minor == null) {
            return false;
        }
        return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
    }

    private static @Nullable Long number(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            // A server that isn't Redis itself, and names things otherwise.
            return null;
        }
    }

    private static Map<String, String> fields(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return fields;
    }
}
