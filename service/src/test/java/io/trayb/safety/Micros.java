package io.trayb.safety;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The time in which all evidence is kept: microseconds since 1970, of this machine's one clock. */
final class Micros {
    private Micros() {}

    static long now() {
        return of(Instant.now());
    }

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static long ofMillis(long millis) {
        return millis * 1000;
    }
}
