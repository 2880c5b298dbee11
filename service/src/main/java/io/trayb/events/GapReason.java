package io.trayb.events;

import java.util.Optional;

/** Why events that somebody asked for may not have reached them. */
public enum GapReason {
    /** They were older than what the log keeps. */
    TRIMMED("trimmed"),
    /** The client took them more slowly than the log could keep them. */
    SLOW_CONSUMER("slow-consumer"),
    /** A process died, perhaps between a commit and the publishing of its events. */
    NODE_LOST("node-lost"),
    /** The log itself was out of reach, emptied, or taken over by a server that hadn't all of it. */
    LOG_LOST("log-lost");

    private final String wireName;

    GapReason(String wireName) {
        this.wireName = wireName;
    }

    /** The reason as clients read it, such as {@code slow-consumer}. */
    public String wireName() {
        return wireName;
    }

    static Optional<GapReason> ofWireName(String name) {
        for (GapReason reason : values()) {
            if (reason.wireName.equals(name)) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
