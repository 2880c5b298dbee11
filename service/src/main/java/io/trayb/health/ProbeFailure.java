package io.trayb.health;

/**
 * Why a dependency isn't as it should be, in words for everybody and in words for operators: what drivers and servers say may name
 * hosts, users and settings, and whoever asks a load balancer's question needn't know them. Immutable.
 */
public final class ProbeFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final boolean settled;

    private ProbeFailure(String reason, String detail, boolean settled, Throwable cause) {
        super(detail, cause);
        this.reason = reason;
        this.settled = settled;
    }

    private ProbeFailure(String reason, String detail) {
        super(detail);
        this.reason = reason;
        this.settled = true;
    }

    /**
     * It has answered, and asking again doesn't change what it said: counts at once.
     *
     * @param sentence for everybody: names no host, user or setting of theirs
     */
    static ProbeFailure settled(String sentence) {
        return new ProbeFailure(sentence, sentence);
    }

    /**
     * The same with more for operators.
     *
     * @param reason for everybody
     */
    static ProbeFailure settled(String reason, String detail) {
        return new ProbeFailure(reason, detail);
    }

    /**
     * The same, said by somebody whose words are for operators.
     *
     * @param reason for everybody
     */
    static ProbeFailure settled(String reason, Throwable cause) {
        return new ProbeFailure(reason, sentence(cause), true, cause);
    }

    /**
     * It gave no answer, or one that the next try may change: counts when it goes on.
     *
     * @param reason for everybody
     */
    static ProbeFailure passing(String reason, Throwable cause) {
        return passing(reason, sentence(cause), cause);
    }

    /**
     * The same with words of our own for operators.
     *
     * @param reason for everybody
     */
    static ProbeFailure passing(String reason, String detail, Throwable cause) {
        return new ProbeFailure(reason, detail, false, cause);
    }

    /** What everybody may read. */
    String reason() {
        return reason;
    }

    /** What operators read. */
    String detail() {
        return String.valueOf(getMessage());
    }

    /** Whether it counts at once. */
    boolean isSettled() {
        return settled;
    }

    private static String sentence(Throwable thrown) {
        String message = thrown.getMessage();
        // One line: drivers add hints and stack-like details after the first.
        return message == null || message.isBlank()
                ? "it failed without saying why"
                : message.lines().findFirst().orElse(message);
    }
}
