package io.trayb.events;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** What one client wants to hear, and what of it it may see. Immutable, if the predicate is. */
final class Subscription {
    static final int MAX_TOPICS = 50;

    private final Set<String> topics;
    private final Set<Long> jobFingerprints = new HashSet<>();
    private final Predicate<String> seesQueue;

    /**
     * Wants the events of all these topics.
     *
     * @param topics 1 to 50 valid topics; one that is named twice counts once
     * @param seesQueue whether events of a queue may be shown to this client; called by the threads that deliver
     */
    Subscription(List<String> topics, Predicate<String> seesQueue) {
        this.topics = Set.copyOf(new HashSet<>(topics));
        this.seesQueue = Objects.requireNonNull(seesQueue, "seesQueue");
        if (this.topics.isEmpty() || this.topics.size() > MAX_TOPICS) {
            throw new IllegalArgumentException("topics has " + topics.size() + ", it must have 1 to " + MAX_TOPICS);
        }
        for (String topic : this.topics) {
            Topics.jobOf(topic).ifPresent(job -> jobFingerprints.add(Topics.fingerprint(job)));
        }
    }

    Set<String> topics() {
        return topics;
    }

    /** Whether this client may see an event that is on one of its topics. */
    boolean sees(Event event) {
        return seesQueue(event.queue());
    }

    /** Whether this client may see what happens in a queue. */
    boolean seesQueue(String queue) {
        return seesQueue.test(queue);
    }

    boolean wants(Event event) {
        return sees(event)
                && (topics.contains(Topics.ALL_JOBS)
                        || topics.contains(Topics.ofQueue(event.queue()))
                        || topics.contains(Topics.ofJob(event.jobId())));
    }

    /** The same for an event of which only this much is remembered; it may be wrong in one of 2⁶⁴ cases, never to say no. */
    boolean wants(String queue, String queueTopic, long jobFingerprint) {
        return (topics.contains(Topics.ALL_JOBS)
                        || topics.contains(queueTopic)
                        || jobFingerprints.contains(jobFingerprint))
                && seesQueue.test(queue);
    }
}
