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

    /** Short heartbeats and a short drain, the rest as in production. */
    static EventsConfiguration quick() {
        return configured(EventsConfiguration.DEFAULT_MAX_LENGTH, 1000, 1000, Duration.seconds(30));
    }

    static EventsConfiguration configured(long maxLength, int maxStreams, int queueEvents, Duration writeTimeout) {
        return EventsConfiguration.of(
                true,
                maxLength,
                null,
                maxStreams,
                null,
                queueEvents,
                DataSize.kibibytes(64),
                Duration.milliseconds(120),
                writeTimeout,
                Duration.milliseconds(300),
                null,
                null,
                null);
    }
}
