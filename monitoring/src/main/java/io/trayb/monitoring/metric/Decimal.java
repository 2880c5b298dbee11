package io.trayb.monitoring.metric;

import java.math.BigDecimal;

/** Writes numbers the one way that PromQL, YAML and people all read: {@code 0.5}, {@code 200}, never {@code 2.0E2}. */
public final class Decimal {
    private Decimal() {}

    /**
     * The shortest exact notation.
     *
     * @throws NumberFormatException when the value is NaN or infinite
     */
    public static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
