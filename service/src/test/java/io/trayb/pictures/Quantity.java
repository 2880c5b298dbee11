package io.trayb.pictures;

import java.util.Locale;

/** Writes numbers with the units that the dashboards use, much as Grafana does. */
final class Quantity {
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final double KIBI = 1024;

    private Quantity() {}

    static String of(double value, String unit) {
        if (Double.isNaN(value)) {
            return "no data";
        }
        return switch (unit) {
            case "s" -> seconds(value);
            case "percentunit" -> digits(value * 100) + " %";
            case "bytes" -> bytes(value);
            case "Bps" -> bytes(value) + "/s";
            case "ops" -> digits(value) + " ops/s";
            case "reqps" -> digits(value) + " req/s";
            case "short" -> thousands(value);
            default -> throw new IllegalArgumentException("no dashboard had the unit '" + unit + "' until now");
        };
    }

    private static String seconds(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            return "0 s";
        }
        if (size < 0.001) {
            return digits(value * 1e6) + " µs";
        }
        if (size < 1) {
            return digits(value * 1e3) + " ms";
        }
        if (size < 60) {
            return digits(value) + " s";
        }
        return size < 3600 ? digits(value / 60) + " min" : digits(value / 3600) + " h";
    }

    private static String bytes(double value) {
        int power = 0;
        double rest = value;
        while (Math.abs(rest) >= KIBI && power < BYTES.length - 1) {
            rest /= KIBI;
            power++;
        }
        return digits(rest) + " " + BYTES[power];
    }

    private static String thousands(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return digits(value / 1e6) + " Mil";
        }
        return size >= 1e4 ? digits(value / 1e3) + " K" : digits(value);
    }

    /** Three digits that count, without zeros behind them. */
    private static String digits(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
}
