package io.trayb.events;

import java.util.Objects;
import java.util.Set;

/**
 * What the holder of a ticket may do: open one stream, or make one poll. Immutable.
 *
 * @param holder the name of the key that the ticket was issued to; what it may see is decided by that key, when the ticket is used
 * @param topics those that may be followed with it, 1 to 50
 */
record Ticket(String holder, Set<String> topics) {
    Ticket {
        Objects.requireNonNull(holder, "holder");
        topics = Set.copyOf(topics);
        if (topics.isEmpty() || topics.size() > Subscription.MAX_TOPICS) {
            throw new IllegalArgumentException(
                    "topics has " + topics.size() + ", it must have 1 to " + Subscription.MAX_TOPICS);
        }
    }
}
