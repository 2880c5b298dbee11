package io.trayb.events;

import io.trayb.keys.Caller;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** The names of topics: {@code jobs}, {@code queue:NAME} and {@code job:ID}. */
final class Topics {
    static final String ALL_JOBS = "jobs";

    /** What a topic has to look like, for messages. */
    static final String FORM = "jobs, queue:NAME or job:ID";

    private static final String QUEUE = "queue:";
    private static final String JOB = "job:";
    private static final Pattern QUEUE_NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** Ids are opaque to clients; ours are UUIDs, and no id ever was longer or had other characters. */
    private static final Pattern JOB_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private Topics() {}

    static String ofQueue(String queue) {
        return QUEUE + queue;
    }

    static String ofJob(String jobId) {
        return JOB + jobId;
    }

    /** The job that a topic is about, if it is about one. */
    static Optional<String> jobOf(String topic) {
        return topic.startsWith(JOB) ? Optional.of(topic.substring(JOB.length())) : Optional.empty();
    }

    /**
     * Holds that none of these is a queue that the caller can't see. A job's topic may be any: what isn't to be seen isn't shown.
     *
     * @throws io.trayb.http.ProblemException 403 naming the first that is
     */
    static void requireSeen(Collection<String> topics, Caller caller) {
        for (String topic : topics) {
            if (topic.startsWith(QUEUE)) {
                caller.requireQueue("topic", topic.substring(QUEUE.length()));
            }
        }
    }

    /** Sixty-four bits that stand for a job's id: FNV-1a. */
    static long fingerprint(String jobId) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < jobId.length(); i++) {
            hash = (hash ^ jobId.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    static boolean isValid(String topic) {
        if (topic.startsWith(QUEUE)) {
            return QUEUE_NAME.matcher(topic.substring(QUEUE.length())).matches();
        }
        if (topic.startsWith(JOB)) {
            return JOB_ID.matcher(topic.substring(JOB.length())).matches();
        }
        return topic.equals(ALL_JOBS);
    }
}
