package io.trayb.fuzz;

/** What a parser promises about each text; kept by plain code, since what a fuzzer runs a million times a minute mustn't cost much. */
public final class Promise {
    private Promise() {}

    /** @throws AssertionError unless it holds */
    public static void that(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError(promise);
        }
    }

    /** A refusal tells whoever wrote the text what is wrong with it. */
    public static void saysWhy(RuntimeException refusal) {
        String message = refusal.getMessage();
        if (message == null || message.isBlank()) {
            throw new AssertionError("a refusal without a reason", refusal);
        }
    }
}
