package io.trayb.monitoring.metric;

import java.util.Locale;

/** What a number counts: how it is written for people, and what Grafana calls it. */
public enum Unit {
    COUNT("", "short", "%.0f"),
    /** Prometheus' base unit of time. Two decimals tell 0.50 s from 0.51 s. */
    SECONDS("s", "s", "%.2f"),
    /** Seconds since 1970, by the clock of the process that exports it. */
    TIMESTAMP("Unix time in s", "dateTimeFromNow", "%.0f"),
    /** A part of a whole, 0 to 1. */
    SHARE("", "percentunit", "%.4f"),
    BYTES("bytes", "bytes", "%.0f"),
    PER_SECOND("per second", "ops", "%.2f"),
    REQUESTS_PER_SECOND("requests per second", "reqps", "%.2f"),
    BYTES_PER_SECOND("bytes per second", "Bps", "%.0f"),
    PER_MINUTE("per minute", "short", "%.0f");

    private final String symbol;
    private final String grafana;
    private final String format;

    Unit(String symbol, String grafana, String format) {
        this.symbol = symbol;
        this.grafana = grafana;
        this.format = format;
    }

    /** The unit as it stands behind a number; empty for a plain count. */
    public String symbol() {
        return symbol;
    }

    /** The id in Grafana's list of units. */
    public String grafana() {
        return grafana;
    }

    /** A printf verb that Go and Java read alike, so that an annotation can be foretold in a test. */
    public String format() {
        return format;
    }

    /** A number as an annotation writes it, without the unit. */
    public String formatted(double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** A number with its unit, exact: {@code 0.5 s}, {@code 100 per minute}, {@code 200}. */
    public String exact(double value) {
        return symbol.isEmpty() ? Decimal.plain(value) : Decimal.plain(value) + " " + symbol;
    }
}
