package io.trayb.safety;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the jobs of a run are like.
 *
 * @param longShare the share of jobs that take {@code longMs}; the others take a few milliseconds to a third of a second
 * @param remoteShare the share of jobs for remote workers; one half of it they have for themselves, for the other they compete
 *     with the services
 * @param pauseMs the longest pause of a client between two calls
 */
record Workload(double longShare, int longMs, double remoteShare, int pauseMs) {
    /** What a job fails with that was submitted to fail. */
    static final String PLANNED_FAILURE = "failed as planned";

    /** The type that the services run. */
    static final String TYPE = "safety.work";
    /** A type that no service knows. */
    static final String REMOTE_TYPE = "safety.remote";
    /** Services work this off alone. */
    static final String LOCAL_QUEUE = "safety-local";
    /** Services and remote workers compete for this. */
    static final String SHARED_QUEUE = "safety-shared";
    /** Remote workers alone. */
    static final String REMOTE_QUEUE = "safety-remote";

    private static final int SHORT_MS = 20;
    private static final int MIDDLE_MS = 300;

    /** A job as the submission call wants it. */
    String job(String tag, @Nullable String uniqueKey, Random random) {
        double kind = random.nextDouble();
        String queue = kind >= remoteShare ? LOCAL_QUEUE : kind >= remoteShare / 2 ? SHARED_QUEUE : REMOTE_QUEUE;
        String type = queue.equals(REMOTE_QUEUE) ? REMOTE_TYPE : TYPE;
        int fails = random.nextInt(12) == 0 ? 1 + random.nextInt(3) : 0;
        boolean permanent = random.nextInt(4) == 0;
        int delayMs = uniqueKey != null ? random.nextInt(8000) : random.nextInt(8) == 0 ? random.nextInt(1500) : 0;
        int timeoutMs = random.nextInt(25) == 0 ? 500 : 60_000;
        return """
            {"queue":"%s","type":"%s","priority":%d,"maxAttempts":%d,"delayMs":%d,"timeoutMs":%d,%s\
            "payload":{"tag":"%s","ms":%d,"fails":%d,"permanent":%b}}\
            """.formatted(
                        queue,
                        type,
                        random.nextInt(10),
                        2 + random.nextInt(2),
                        delayMs,
                        timeoutMs,
                        uniqueKey == null ? "" : "\"uniqueKey\":\"" + uniqueKey + "\",",
                        tag,
                        millis(random),
                        fails,
                        permanent);
    }

    /** A job that takes no time to speak of, and that nothing goes wrong with by itself. */
    static String quickJob(String tag, Random random) {
        return """
            {"queue":"%s","type":"%s","payload":{"tag":"%s","ms":%d,"fails":0,"permanent":false}}\
            """.formatted(LOCAL_QUEUE, TYPE, tag, random.nextInt(2));
    }

    private int millis(Random random) {
        double kind = random.nextDouble();
        if (kind < longShare) {
            return longMs;
        }
        return kind < longShare + (1 - longShare) * 0.7 ? random.nextInt(SHORT_MS) : random.nextInt(MIDDLE_MS);
    }
}
