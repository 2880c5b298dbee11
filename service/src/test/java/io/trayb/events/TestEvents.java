package io.trayb.events;

import io.dropwizard.util.DataSize;
import io.dropwizard.util.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Events and configurations for tests. */
final class TestEvents {
    private TestEvents() {}

    static Event event(String queue, String job, int number) {
        return new Event("job.progress", job, queue, "{\"jobId\":\"" + job + "\",\"n\":" + number + "}");
    }

    static Event event(int number) {
        return event("default", "job-" + number, number);
    }

    static List<Event> events(int from, int to) {
        return IntStream.range(from, to).mapToObj(TestEvents::event).toList();
    }

    static String data(int number) {
        return event(number).data();
    }

    static List<String> data(int from, int to) {
        return IntStream.range(from, to).mapToObj(TestEvents::data).toList();
    }

    /** So little that whoever resumes reads the log in part from Redis, in part from memory. */
    private static final DataSize A_FEW_DOZEN_EVENTS = DataSize.kibibytes(32);

    /** Short heartbeats and a short drain, little of the log at hand, the rest as in production. */
    static EventsConfiguration quick() {
        return configured(EventsConfiguration.DEFAULT_MAX_LENGTH, 1000, 1000, Duration.seconds(30));
    }

    /** As in production, but for heartbeats that don't come. */
    static EventsConfiguration silent() {
        return EventsConfiguration.of(
                true, null, null, null, null, null, null, null, Duration.minutes(5), null, null, null, null, null);
    }

    static EventsConfiguration configured(long maxLength, int maxStreams, int queueEvents, Duration writeTimeout) {
        return configured(maxLength, maxStreams, queueEvents, A_FEW_DOZEN_EVENTS, writeTimeout);
    }

    static EventsConfiguration configured(
            long maxLength, int maxStreams, int queueEvents, DataSize recentBytes, Duration writeTimeout) {
        return EventsConfiguration.of(
                true,
                maxLength,
                null,
                maxStreams,
                null,
                queueEvents,
                DataSize.kibibytes(64),
                recentBytes,
                Duration.milliseconds(120),
                writeTimeout,
                Duration.milliseconds(300),
                null,
                null,
                null);
    }
}
