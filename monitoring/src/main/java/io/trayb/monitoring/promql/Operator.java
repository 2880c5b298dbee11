package io.trayb.monitoring.promql;

/** Binary operators, with how strongly they bind: the printer sets parentheses by it. */
enum Operator {
    OR("or", 1),
    AND("and", 2),
    UNLESS("unless", 2),
    ABOVE(">", 3),
    BELOW("<", 3),
    AT_LEAST(">=", 3),
    EQUAL("==", 3),
    MINUS("-", 4),
    TIMES("*", 5),
    DIVIDED_BY("/", 5);

    private final String symbol;
    private final int strength;

    Operator(String symbol, int strength) {
        this.symbol = symbol;
        this.strength = strength;
    }

    String symbol() {
        return symbol;
    }

    int strength() {
        return strength;
    }

    /** Whether it keeps or drops samples by their labels, not by their values. */
    boolean isOnSets() {
        return this == OR || this == AND || this == UNLESS;
    }
}
