package io.trayb.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times on the wire: {@code 2026-11-23T09:00:00.000Z}, always three digits of milliseconds, always UTC. */
public final class Timestamps {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /** A time as the HTTP contract writes it; what is finer than a millisecond is cut off. */
    public static String format(Instant time) {
        return FORMAT.format(time);
    }
}
