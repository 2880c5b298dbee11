package io.trayb.jobs;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a failed job waits for its next attempt: {@code base · 2ⁿ⁻¹} for the n-th failure, at most {@code max}, then
 * {@code ± jitter}, so that jobs which failed together don't come back together. Thread-safe if its random source is.
 */
public final class Backoff {
    private final Duration base;
    private final Duration max;
    private final double jitter;
    private final DoubleSupplier random;

    /**
     * @param jitter the share by which a delay is lengthened or shortened, 0 to 1
     * @param random uniform over [0, 1)
     */
    public Backoff(Duration base, Duration max, double jitter, DoubleSupplier random) {
        if (base.isNegative() || base.isZero() || max.compareTo(base) < 0) {
            throw new IllegalArgumentException(
                    "base is '" + base + "' and max is '" + max + "', but must be 0 < base <= max");
        }
        if (jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException("jitter is '" + jitter + "', but must be 0 to 1");
        }
        this.base = base;
        this.max = max;
        this.jitter = jitter;
        this.random = random;
    }

    /** The contract's backoff: 1 s · 2ⁿ⁻¹, at most 10 min, ± 20 %. */
    public static Backoff standard(DoubleSupplier random) {
        return new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10), 0.2, random);
    }

    /**
     * The delay after a failed attempt.
     *
     * @param attempt the attempt that failed, from 1
     */
    public Duration after(int attempt) {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt is '" + attempt + "', but must be 1 or more");
        }
        double exponential = Math.min((double) base.toMillis() * Math.pow(2, attempt - 1.0), (double) max.toMillis());
        double factor = 1 + jitter * (2 * random.getAsDouble() - 1);
        return Duration.ofMillis(Math.round(exponential * factor));
    }
}
